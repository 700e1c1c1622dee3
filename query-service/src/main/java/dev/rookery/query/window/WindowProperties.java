package dev.rookery.query.window;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much of the store is kept in memory, and how it follows the one order.
///
/// @param size          how much memory its events may take, about, and half as much again what is left to be given of
///     answers; 0 for no window at all
/// @param wholeKinds    kinds of which every event is held, however old, as long as all of these take no more than half
///     of the size; the first ones first
/// @param looks         how many events are looked at for one request at most; what needs more, the database answers
/// @param behind        how long it is waited for when it has not reached what the gateway has
/// @param patience      how long a gap is left to close by itself before the window is loaded anew
/// @param committedPoll how often the database is asked for the last position, without which nothing is answered
public record WindowProperties(
        @DefaultValue("64MB") DataSize size,

        @DefaultValue({"0", "10002", "10050", "10063", "10000", "3"})
        List<Integer> wholeKinds,

        @DefaultValue("20000") int looks,
        @DefaultValue("20ms") Duration behind,
        @DefaultValue("5s") Duration patience,
        @DefaultValue("500ms") Duration committedPoll) {

    public WindowProperties {
        wholeKinds = List.copyOf(wholeKinds);
        require(!size.isNegative(), "size");
        require(looks > 0, "looks");
        require(!behind.isNegative(), "behind");
        require(patience.isPositive(), "patience");
        require(committedPoll.isPositive(), "committed-poll");
    }

    public boolean isOff() {
        return size.toBytes() == 0;
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException("relay.query.window." + name + " is out of its range");
        }
    }
}
