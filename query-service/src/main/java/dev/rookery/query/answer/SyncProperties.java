package dev.rookery.query.answer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much a reconciliation (NIP-77) may take. Its records, 40 bytes each, are held from its first message to its end.
///
/// @param most   records of one
/// @param held   records of all of them together
/// @param within how long it may take to find the records
/// @param idle   after which one is forgotten of which nothing is heard
/// @param frame  the longest message that is sent
public record SyncProperties(
        @DefaultValue("500000") int most,
        @DefaultValue("1000000") int held,
        @DefaultValue("10s") Duration within,
        @DefaultValue("1m") Duration idle,
        @DefaultValue("128KB") DataSize frame) {

    private static final DataSize SMALLEST_FRAME = DataSize.ofKilobytes(4);
    private static final DataSize LARGEST_FRAME = DataSize.ofMegabytes(1);

    public SyncProperties {
        require(most > 0, "most");
        require(held >= most, "held");
        require(within.isPositive(), "within");
        require(idle.isPositive(), "idle");
        require(frame.compareTo(SMALLEST_FRAME) >= 0 && frame.compareTo(LARGEST_FRAME) <= 0, "frame");
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.query.sync." + name + " is out of its range");
        }
    }
}
