package dev.rookery.query.link;

import dev.rookery.link.LinkCodec;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one link may cost.
///
/// @param requests   under way at once; more are refused as overload. What is asked for the gateway itself, ranges and
///                   statuses, is counted apart: clients that read slowly cannot take its places
/// @param questions  COUNTs and reconciliations under way at once, which are counted apart too
/// @param buffer     of answers that wait for the gateway to read them; no more pages are fetched beyond
/// @param credit     that one request may have at once; what is granted beyond is not kept
/// @param creditWithin how long a request may be without credit before it fails; where others wait for its place, a
///     thirtieth of this
/// @param filterSize how large one request may be; at least what gateways send, `LinkCodec.LONGEST_FILTERS`, because a
///     larger frame ends the link, and with it every other request
/// @param silence    a connection on which nothing has been heard for this long is ended; gateways ping at least every
///     five seconds
public record LinkProperties(
        @DefaultValue("1000") int requests,
        @DefaultValue("500") int questions,
        @DefaultValue("16MB") DataSize buffer,
        @DefaultValue("4MB") DataSize credit,
        @DefaultValue("30s") Duration creditWithin,
        @DefaultValue("4MB") DataSize filterSize,
        @DefaultValue("15s") Duration silence) {

    /// What a frame carries beside filters: above all the keys that were proven, 32 bytes each.
    private static final int FRAME_HEAD = 64 << 10;

    private static final long LARGEST_FILTERS = 1 << 28;

    public LinkProperties {
        require(requests > 0, "requests");
        require(questions > 0, "questions");
        require(buffer.toBytes() > 0, "buffer");
        require(credit.toBytes() > 0, "credit");
        require(creditWithin.isPositive(), "credit-within");
        require(
                filterSize.toBytes() >= LinkCodec.LONGEST_FILTERS && filterSize.toBytes() <= LARGEST_FILTERS,
                "filter-size");
        require(silence.isPositive(), "silence");
    }

    Duration creditWithinWhereOthersWait() {
        return creditWithin.dividedBy(30);
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
