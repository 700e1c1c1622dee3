package dev.rookery.gateway.link;

import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the gateway finds the services that it links to.
///
/// @param query `host:port` of query-service; a name with several addresses stands for all of them
/// @param broadcast `host:port` of broadcast-service, likewise
/// @param silence a link on which nothing has been heard for this long is given up
/// @param redial the first pause before a lost link is opened again; it doubles up to 20 times itself
@Validated
@ConfigurationProperties("relay.links")
public record LinkProperties(
        @DefaultValue("localhost:7781") @NotEmpty List<String> query,
        @DefaultValue("localhost:7782") @NotEmpty List<String> broadcast,
        @DefaultValue("5s") Duration silence,
        @DefaultValue("100ms") Duration redial) {}
