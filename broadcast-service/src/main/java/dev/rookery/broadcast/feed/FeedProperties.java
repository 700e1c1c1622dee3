package dev.rookery.broadcast.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How the one order is followed.
///
/// @param patience how long a gap is left to close by itself before the database is asked
/// @param committedPoll how often the database is asked for the last position while nothing arrives
/// @param heldBack how many records are held back behind a gap
/// @param heldBackSize how much those may take; what is let go beyond either is asked for later
/// @param page how many events are fetched from the database at a time
/// @param pageSize how much those may take; a single larger one still comes, alone
/// @param largestGap how many positions are fetched at most before the feed starts afresh and gateways link anew
public record FeedProperties(
        @DefaultValue("500ms") Duration patience,
        @DefaultValue("200ms") Duration committedPoll,
        @DefaultValue("2000") int heldBack,
        @DefaultValue("64MB") DataSize heldBackSize,
        @DefaultValue("500") int page,
        @DefaultValue("4MB") DataSize pageSize,
        @DefaultValue("100000") long largestGap) {

    public FeedProperties {
        require(patience.isPositive(), "patience");
        require(committedPoll.isPositive(), "committed-poll");
        require(heldBack > 0, "held-back");
        require(heldBackSize.toBytes() > 0, "held-back-size");
        require(page > 0, "page");
        require(pageSize.toBytes() > 0, "page-size");
        require(largestGap > 0, "largest-gap");
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.broadcast.feed." + name + " must be positive");
        }
    }
}
