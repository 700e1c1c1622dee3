package dev.rookery.broadcast.link;

import dev.rookery.link.LinkCodec;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one link may cost.
///
/// @param buffer how much may wait for a gateway that is slow or has granted no credit, before its link is closed
/// @param heartbeat how often the last position is told
/// @param registrations how many subscriptions one link may have
/// @param filterSize how large the filters of one subscription may be, as JSON
/// @param filterWeight what the filters of all subscriptions of a link may weigh together, see `Filter.weight`; some
///     200 bytes of memory each
/// @param linger how long a link that is being closed may take before its connection is cut
/// @param silence a connection on which nothing has been heard for this long is ended; gateways ping at least every
///     five seconds
public record LinkProperties(
        @DefaultValue("32MB") DataSize buffer,
        @DefaultValue("1s") Duration heartbeat,
        @DefaultValue("1000000") int registrations,
        @DefaultValue("1MB") DataSize filterSize,
        @DefaultValue("1000000") long filterWeight,
        @DefaultValue("2s") Duration linger,
        @DefaultValue("15s") Duration silence) {

    /// What a frame carries beside filters.
    private static final int FRAME_HEAD = 64;

    public LinkProperties {
        require(buffer.toBytes() > 0, "buffer");
        require(heartbeat.isPositive(), "heartbeat");
        require(registrations > 0, "registrations");
        require(filterSize.toBytes() > 0 && filterSize.toBytes() <= 1 << 28, "filter-size");
        require(filterWeight > 0, "filter-weight");
        require(linger.isPositive(), "linger");
        require(silence.isPositive(), "silence");
    }

    /// A larger frame ends the link unread: no gateway sends such a one. What is only larger than `filterSize` is
    /// refused by itself.
    public int largestFrame() {
        return Math.max(2 * (int) filterSize.toBytes(), LinkCodec.LONGEST_FILTERS) + FRAME_HEAD;
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.broadcast.link." + name + " is out of its range");
        }
    }
}
