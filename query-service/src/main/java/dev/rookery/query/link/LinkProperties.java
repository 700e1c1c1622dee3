package dev.rookery.query.link;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one link may cost.
///
/// @param requests   under way at once; more are refused as overload. What is asked for the gateway itself, ranges and
///                   statuses, is counted apart: clients that read slowly cannot take its places
/// @param buffer     of answers that wait for the gateway to read them; no more pages are fetched beyond
/// @param credit     that one request may have at once; what is granted beyond is as good as this
/// @param creditWithin how long a request may be without credit before it fails
/// @param filterSize how large one request may be
public record LinkProperties(
        @DefaultValue("1000") int requests,
        @DefaultValue("16MB") DataSize buffer,
        @DefaultValue("4MB") DataSize credit,
        @DefaultValue("30s") Duration creditWithin,
        @DefaultValue("4MB") DataSize filterSize) {

    /// What a frame carries beside filters.
    private static final int FRAME_HEAD = 64;

    public LinkProperties {
        require(requests > 0, "requests");
        require(buffer.toBytes() > 0, "buffer");
        require(credit.toBytes() > 0, "credit");
        require(creditWithin.isPositive(), "credit-within");
        require(filterSize.toBytes() > 0 && filterSize.toBytes() <= 1 << 28, "filter-size");
    }

    public int largestFrame() {
        return (int) filterSize.toBytes() + FRAME_HEAD;
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.query.link." + name + " is out of its range");
        }
    }
}
