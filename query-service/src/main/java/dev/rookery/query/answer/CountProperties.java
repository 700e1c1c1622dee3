package dev.rookery.query.answer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much work a COUNT may be.
///
/// @param most   events that are counted; of more, the request fails
/// @param within this time, or it fails
public record CountProperties(
        @DefaultValue("1000000") int most,
        @DefaultValue("10s") Duration within) {

    public CountProperties {
        if (most < 1 || !within.isPositive()) {
            throw new IllegalArgumentException("relay.query.count: most and within must be positive");
        }
    }
}
