package dev.rookery.query.answer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much work a search may be.
///
/// @param candidates      events that have the words of one filter, the newest, of which the best are found
/// @param unwritten       the newest events, whose words are not in the index yet, that are read and compared instead
/// @param unwrittenSize   of those
/// @param patience        how long the index is waited for when more than that are missing
public record SearchProperties(
        @DefaultValue("5000") int candidates,
        @DefaultValue("2000") int unwritten,
        @DefaultValue("4MB") DataSize unwrittenSize,
        @DefaultValue("2s") Duration patience) {

    public SearchProperties {
        atLeastOne("candidates", candidates);
        atLeastOne("unwritten", unwritten);
        atLeastOne("unwritten-size", unwrittenSize.toBytes());
        if (patience.isNegative()) {
            throw new IllegalArgumentException("relay.query.search.patience is negative: " + patience);
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("relay.query.search." + name + " must be positive, not " + value);
        }
    }
}
