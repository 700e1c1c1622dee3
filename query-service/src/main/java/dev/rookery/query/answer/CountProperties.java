package dev.rookery.query.answer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much work a COUNT may be.
///
/// @param atOnce questions to the store that are under way for COUNTs, and for reconciliations that look for what is
///     stored; further ones wait for their turn
/// @param most   events that are counted; of more, the request fails
/// @param within this time, or it fails
public record CountProperties(
        @DefaultValue("4") int atOnce,
        @DefaultValue("1000000") int most,
        @DefaultValue("10s") Duration within) {

    public CountProperties {
        if (atOnce < 1 || most < 1 || !within.isPositive()) {
            throw new IllegalArgumentException("relay.query.count: at-once, most and within must be positive");
        }
    }
}
