package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.signature.SchnorrSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PostingsTests {

    private static final int EVENTS = 40;

    private static final List<HotEvent> MADE = made();

    private final Random random = new Random();

    /// Many of them of the same second.
    private static List<HotEvent> made() {
        byte[] secret = new byte[32];
        secret[31] = 7;
        SchnorrSigner author = new SchnorrSigner(secret);
        return IntStream.range(0, EVENTS)
                .mapToObj(i -> new HotEvent(Event.of(author, 1_700_000_000 + i % 7, 1, List.of(), "event " + i)))
                .toList();
    }

    @RepeatedTest(100)
    void areInTheirOrderWhetherAddedOneByOneOrInOneGo() {
        Postings some = new Postings();
        Postings others = new Postings();
        MADE.forEach(event -> (random.nextInt(3) > 0 ? some : others).add(event));
        while (!some.isEmpty() && random.nextBoolean()) {
            others.add(takeOldest(some));
        }

        some.addAll(others);
        HotEvent removed = MADE.get(random.nextInt(EVENTS));
        some.remove(removed);
        some.add(removed);

        assertThat(listed(some))
                .isEqualTo(MADE.stream().sorted(this::oldestFirst).toList());
    }

    private int oldestFirst(HotEvent one, HotEvent other) {
        return one.isBefore(other) ? 1 : -1;
    }

    private static HotEvent takeOldest(Postings postings) {
        HotEvent oldest = postings.get(0);
        postings.remove(oldest);
        return oldest;
    }

    private static List<HotEvent> listed(Postings postings) {
        List<HotEvent> listed = new ArrayList<>();
        for (int place = 0; place < postings.size(); place++) {
            listed.add(postings.get(place));
        }
        return listed;
    }
}
