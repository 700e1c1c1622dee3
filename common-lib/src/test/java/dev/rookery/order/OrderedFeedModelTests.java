package dev.rookery.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.order.OrderedFeed.Bounds;
import dev.rookery.order.OrderedFeed.Course;
import dev.rookery.order.OrderedFeed.Missing;
import dev.rookery.order.OrderedFeed.Placed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/// A log that loses, repeats, swaps and delays records, and a store that answers ranges late, in part or not at all:
/// what comes out is each position once, in order, but for those that are gone from both.
@Timeout(60)
class OrderedFeedModelTests {

    private static final long STEP_NANOS = 20_000_000;

    private long epoch = 1;
    private long committed;
    private final Set<Long> gone = new HashSet<>();
    private final List<Position> onTheWay = new ArrayList<>();
    private final List<Long> applied = new ArrayList<>();

    @RepeatedTest(300)
    void appliesEachPositionOnceInOrder(RepetitionInfo repetition) {
        long seed = 0x0DDEL * repetition.getCurrentRepetition();
        Random random = new Random(seed);
        var bounds = new Bounds(Duration.ofMillis(500), 1 + random.nextInt(60), 1 + random.nextInt(300));
        OrderedFeed<Position> feed = new OrderedFeed<>(bounds, at -> at.seq() % 10, this::apply);
        committed = random.nextInt(100);
        long begin = committed;
        feed.start(new Position(epoch, begin));
        long now = random.nextLong();
        for (int step = 0; step < 1_500; step++, now += STEP_NANOS) {
            if (step < 1_000) {
                commit(random, feed.last().seq());
            }
            deliver(random, feed, now);
            if (random.nextInt(10) == 0) {
                assertThat(feed.committed(new Position(epoch, committed), feed.last(), now))
                        .as("seed %d", seed)
                        .isEqualTo(Course.GOES_ON);
            }
            if (random.nextInt(3) == 0) {
                answer(random, feed, now);
            }
            if (random.nextInt(700) == 0) {
                begin = restart(random, feed, now);
            }
            assertThat(feed.heldBack()).as("seed %d", seed).isLessThanOrEqualTo(bounds.held());
            assertThat(feed.heldBackBytes()).as("seed %d", seed).isBetween(0L, Math.max(9, bounds.heldBytes()));
        }
        assertThat(feed.last()).as("seed %d", seed).isEqualTo(new Position(epoch, committed));
        assertThat(applied)
                .as("seed %d", seed)
                .containsExactlyElementsOf(LongStream.rangeClosed(begin + 1, committed)
                        .filter(seq -> !gone.contains(seq) || applied.contains(seq))
                        .boxed()
                        .toList());
    }

    private void apply(Position at, Position item) {
        assertThat(item).isEqualTo(at);
        applied.add(at.seq());
    }

    private void commit(Random random, long last) {
        for (int i = random.nextInt(4); i > 0; i--) {
            committed++;
            Position at = new Position(epoch, committed);
            for (int copies = random.nextInt(8) == 0 ? random.nextInt(3) : 1; copies > 0; copies--) {
                onTheWay.add(at);
            }
        }
        if (committed > last && random.nextInt(20) == 0) {
            gone.add(last + 1 + random.nextLong(committed - last));
        }
    }

    private void deliver(Random random, OrderedFeed<Position> feed, long now) {
        for (int i = random.nextInt(5); i > 0 && !onTheWay.isEmpty(); i--) {
            int which = random.nextInt(4) == 0 ? random.nextInt(onTheWay.size()) : 0;
            Position at = onTheWay.remove(which);
            feed.offer(at, at, now);
        }
    }

    private void answer(Random random, OrderedFeed<Position> feed, long now) {
        Missing range = feed.ask(now).orElse(null);
        if (range == null) {
            return;
        }
        assertThat(range.upTo()).isLessThanOrEqualTo(committed);
        if (random.nextInt(5) == 0) {
            feed.failed(range, now);
            return;
        }
        deliver(random, feed, now);
        long upTo = Math.min(range.upTo(), range.after() + 1 + random.nextInt(50));
        List<Placed<Position>> rows = LongStream.rangeClosed(range.after() + 1, upTo)
                .filter(seq -> !gone.contains(seq))
                .mapToObj(seq -> new Placed<>(seq, new Position(range.epoch(), seq)))
                .toList();
        feed.fill(range, upTo, rows);
    }

    /// The database goes back, and the new epoch shows in the log or in the database.
    private long restart(Random random, OrderedFeed<Position> feed, long now) {
        epoch++;
        committed = Math.max(0, committed - random.nextInt(50));
        long begin = committed + 1 + random.nextInt(3);
        if (random.nextBoolean()) {
            Position sign = new Position(epoch, begin);
            feed.offer(sign, sign, now);
        } else {
            feed.committed(new Position(epoch, begin), feed.last(), now);
        }
        committed = begin;
        assertThat(feed.start(new Position(epoch - 1, begin))).isFalse();
        deliver(random, feed, now);
        applied.clear();
        gone.clear();
        assertThat(feed.start(new Position(epoch, begin))).isTrue();
        return begin;
    }
}
