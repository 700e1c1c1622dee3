package dev.rookery.gateway.subscription;

import dev.rookery.filter.Visibility;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which events are not for everyone; to be the same for query-service and all gateways.
///
/// @param privateKinds served to their author and to those named in their `p` tags only
@ConfigurationProperties("relay.visibility")
public record VisibilityProperties(
        @DefaultValue({"1059", "21059"}) Set<Integer> privateKinds) {

    public Visibility visibility() {
        return new Visibility(privateKinds);
    }
}
