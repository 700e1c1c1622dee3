package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.gateway.link.Link;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.order.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/// A client that takes what it is sent when the test has it do so, and asks for much at once.
@Timeout(60)
class SlowClientTests {

    private static final Position AT = new Position(1, 5);
    private static final int EVENT = 10_000;
    private static final long SLICE = 64 << 10;
    private static final long MOST_PENDING = SlowClient.MOST_PENDING;

    private final SubscriptionProperties properties = TestFeed.settings(10_000, DataSize.ofMegabytes(8), 3);
    private final TestFeed relay = new TestFeed(properties);
    private final SlowClient client = client();
    private int handle;

    @Test
    void isSentStoredEventsNoFasterThanItTakesThem() {
        open(1);
        page(1, 40);
        end(1);
        assertThat(client.pendingBytes()).isBetween(SLICE, SLICE + 2 * EVENT);

        assertThat(takeEverything()).hasSize(41).last().isEqualTo("[\"EOSE\",\"s1\"]");
    }

    @Test
    void isSentLiveEventsThatWaitedNoFasterEitherAndInTheirOrder() {
        open(1);
        deliver(6, 305);
        end(1);
        assertThat(client.pendingBytes()).isBetween(SLICE, SLICE + 2 * EVENT);
        deliver(306);
        assertThat(client.pendingBytes()).isBetween(SLICE, SLICE + 2 * EVENT);

        List<String> messages = takeEverything();
        assertThat(messages).hasSize(302);
        assertEvents(messages.subList(1, 302), 6);
        deliver(307);
        assertThat(takeEverything()).as("live again").hasSize(1);
    }

    @Test
    void isSentLiveEventsLaterWhenItTakesLessThanThereIs() {
        open(1);
        end(1);
        takeEverything();
        deliver(6, 305);
        assertThat(client.pendingBytes()).isLessThan(MOST_PENDING / 2 + 2 * EVENT);

        List<String> messages = new ArrayList<>(take());
        assertThat(client.pendingBytes()).isBetween(SLICE, SLICE + 2 * EVENT);
        messages.addAll(takeEverything());
        assertThat(messages).hasSize(300);
        assertEvents(messages, 6);
        deliver(306);
        assertThat(takeEverything()).as("live again").hasSize(1);
    }

    @Test
    void isToldThatASubscriptionEndsWhenItTakesFarLessThanThereIs() {
        open(1);
        end(1);
        takeEverything();
        deliver(6, 1_005);

        assertThat(client.isOpen()).isTrue();
        assertThat(takeEverything())
                .hasSizeLessThan(1_000)
                .last()
                .asString()
                .startsWith("[\"CLOSED\",\"s1\",\"error: ");
    }

    /// Answers of as much as credit allows, all at once, are more than what may be waiting for a client.
    @Test
    void isNotCutOffForHowMuchItAsksForAtOnce() {
        for (int number = 1; number <= 20; number++) {
            open(number);
        }
        int messages = 0;
        for (int answered = 0; answered < 20 || client.pendingBytes() > 0; ) {
            if (answered < queries().size()) {
                answered++;
                page(answered, 50);
                end(answered);
            } else {
                assertThat(client.pendingBytes()).isLessThan(8 * (SLICE + 2 * EVENT));
                messages += take().size();
            }
            assertThat(client.isOpen()).isTrue();
        }
        assertThat(messages).isEqualTo(20 * 51);
    }

    /// A slice is exceeded by one event, and that may be large.
    @Test
    void isNotCutOffForHowLargeTheEventsAreThatItAsksFor() {
        int size = (int) (MOST_PENDING / 3);
        for (int number = 1; number <= 6; number++) {
            open(number);
            answer(new LinkFrame.Page(
                    request(number), AT, List.of(event(1, "x".repeat(size)).json())));
            end(number);
        }
        assertThat(client.isOpen()).isTrue();
        assertThat(takeEverything()).hasSize(12);
    }

    @Test
    void letsTheStoreGoOnWhenItHasTakenWhatWasSent() {
        open(1);
        assertThat(queries().getFirst().credit()).as("little").isEqualTo(2 * SLICE);
        page(1, 50);
        assertThat(granted()).as("before it has taken anything").isZero();
        take();
        assertThat(granted()).isBetween(7 * SLICE, 7 * SLICE + 2 * EVENT);
        take();
        assertThat(granted()).as("what does not matter").isLessThan(8 * SLICE);
        takeEverything();
        assertThat(granted()).as("all but what does not matter").isGreaterThan(6 * SLICE + 50 * EVENT - 3 * SLICE);
    }

    @Test
    void waitsItsTurnWhenItAsksForMoreThanAFewAnswersAtATime() {
        for (int number = 1; number <= 11; number++) {
            open(number);
        }
        assertThat(queries()).hasSize(8);
        assertThat(relay.feed.standing()).as("registered in their turn").hasSize(8);

        end(1);
        assertThat(queries()).as("the client has not taken what was sent").hasSize(8);
        take();
        assertThat(queries()).hasSize(9);
        client.subscriptions.close("s10");
        client.subscriptions.close("s2");
        run();
        end(9);
        end(11);
        assertThat(takeEverything()).containsExactly("[\"EOSE\",\"s9\"]", "[\"EOSE\",\"s11\"]");
        assertThat(queries())
                .as("the one that was closed before its turn was not asked for")
                .hasSize(10);
    }

    @Test
    void doesNotWaitForWhatIsNotStored() {
        for (int number = 1; number <= 9; number++) {
            open(number);
        }
        open("live", "{\"limit\":0}");
        assertThat(takeEverything()).containsExactly("[\"EOSE\",\"live\"]");
    }

    @Test
    void hasTheTimeForAnAnswerFromItsTurnOn() {
        for (int number = 1; number <= 9; number++) {
            open(number);
        }
        pass(Duration.ofSeconds(9));
        end(1);
        take();
        pass(Duration.ofSeconds(9));
        assertThat(takeEverything()).hasSize(7).allMatch(message -> message.startsWith("[\"CLOSED\""));
        pass(Duration.ofSeconds(2));
        assertThat(takeEverything()).singleElement().asString().startsWith("[\"CLOSED\",\"s9\",\"error: ");
    }

    /// As long as nothing has been used of what the store answers, it may be asked again, and the service that answers
    /// then may be behind the one before: each answer is compared with the registration's.
    @Test
    void isNotSentAnAnswerThatIsBehindItsRegistrationThoughTheFirstWasNot() {
        open(1);
        end(1);
        takeEverything();
        deliver(6, 305);
        client.open("s2", "{\"since\":2}");
        relay.acknowledge(1, 400);
        answer(new LinkFrame.Page(request(2), new Position(1, 400), List.of(large(2).json())));
        assertThat(queries()).as("asked").hasSize(2);

        relay.query.closed();
        relay.query.opened(new Link(relay.asked::add, () -> true, () -> {}));
        run();
        pass(Duration.ofMillis(250));
        assertThat(queries()).as("asked again").hasSize(3);
        answer(new LinkFrame.End(queries().getLast().request(), new Position(1, 350)));

        assertThat(queries())
                .as("asked for more")
                .hasSize(4)
                .last()
                .satisfies(query -> assertThat(query.atLeast()).isEqualTo(new Position(1, 400)));
        answer(new LinkFrame.End(queries().getLast().request(), new Position(1, 400)));
        assertThat(takeEverything()).hasSize(301).contains("[\"EOSE\",\"s2\"]");
    }

    private SlowClient client() {
        relay.link(1, AT.seq());
        return new SlowClient(relay, properties, SlowClient.budget(relay, properties.maxWaitingMemory()));
    }

    /// Its filter tells its query from others.
    private void open(int number) {
        open("s" + number, "{\"since\":" + number + "}");
    }

    private void open(String id, String filter) {
        client.open(id, filter);
        run();
    }

    private List<Query> queries() {
        return relay.asked.stream()
                .filter(Query.class::isInstance)
                .map(Query.class::cast)
                .toList();
    }

    private int request(int number) {
        return queries().stream()
                .filter(query -> new String(query.filters(), UTF_8).contains("\"since\":" + number + "}"))
                .findFirst()
                .orElseThrow()
                .request();
    }

    private void page(int number, int events) {
        List<byte[]> page =
                IntStream.range(0, events).mapToObj(i -> large(i).json()).toList();
        answer(new LinkFrame.Page(request(number), AT, page));
    }

    private void end(int number) {
        answer(new LinkFrame.End(request(number), AT));
    }

    private void answer(LinkFrame.ToGateway frame) {
        relay.answer(frame);
        run();
    }

    private void deliver(int seq) {
        relay.deliver(1, seq, large(seq), handle);
        run();
    }

    private void deliver(int first, int last) {
        for (int seq = first; seq <= last; seq++) {
            deliver(seq);
        }
    }

    /// Those of one number after the other.
    private static void assertEvents(List<String> messages, int first) {
        for (int i = 0; i < messages.size(); i++) {
            assertThat(messages.get(i)).contains("\"event " + (first + i) + " ");
        }
    }

    private static Event large(int number) {
        return event(1, "event " + number + " " + "x".repeat(EVENT));
    }

    private long granted() {
        return relay.asked.stream()
                .filter(LinkFrame.Credit.class::isInstance)
                .mapToLong(frame -> ((LinkFrame.Credit) frame).bytes())
                .sum();
    }

    private List<String> take() {
        client.takeWritten();
        run();
        return client.taken();
    }

    private List<String> takeEverything() {
        List<String> messages = new ArrayList<>(take());
        while (client.pendingBytes() > 0) {
            messages.addAll(take());
        }
        return messages;
    }

    /// Whatever is due is done, and whoever registers is answered.
    private void run() {
        client.run();
        handle = relay.handles().isEmpty() ? handle : relay.handles().getLast();
        relay.acknowledge(1, AT.seq());
    }

    private void pass(Duration time) {
        relay.pass(time);
        client.pass(time);
        run();
    }
}
