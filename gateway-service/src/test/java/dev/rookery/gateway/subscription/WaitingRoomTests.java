package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/// Live events that wait for clients: how many are kept, for how long, and in what order they go out.
@Timeout(60)
class WaitingRoomTests {

    private static final int EVENT = 10_000;
    private static final long SLICE = 64 << 10;
    private static final int MOST_EVENTS = 500;
    private static final String LIVE_ONLY = "{\"limit\":0}";

    /// Of one connection 2 MB, of all 3 MB.
    private final SubscriptionProperties properties = TestFeed.settings(MOST_EVENTS, DataSize.ofMegabytes(2), 3);

    private final TestFeed relay = new TestFeed(properties);
    private final WaitingBudget budget = SlowClient.budget(relay, DataSize.ofMegabytes(3));
    private final SlowClient client = client();
    private long seq;

    @Test
    void hasOneBoundOfBytesForAllSubscriptionsOfAConnection() {
        int[] handles = live(3);
        deliverInTurn(230, handles);
        client.run();
        deliverInTurn(60, handles);

        assertThat(SlowClient.waiting(relay)).isBetween(1_000_000.0, 2_200_000.0);
        List<String> messages = client.takeEverything();
        assertThat(of(messages, "CLOSED")).hasSize(1).first().asString().contains("error: there is no room");
        assertThat(of(messages, "EVENT"))
                .as("the other two have got all of theirs")
                .filteredOn(message -> !message.startsWith(closed(messages)))
                .hasSizeBetween(193, 194);
        assertThat(client.isOpen()).isTrue();
        assertNothingIsKept();
    }

    @Test
    void hasOneBoundOfNumberForAllSubscriptionsOfAConnection() {
        int[] handles = joining(3);
        for (int i = 0; i < MOST_EVENTS; i++) {
            deliver(event(1, "small"), handles[i % 3]);
        }
        client.run();
        assertThat(client.pendingBytes()).isZero();
        deliver(event(1, "small"), handles[0]);

        assertThat(client.takeEverything()).singleElement().asString().contains("CLOSED", "\"s0\"");
        answerAll();
        List<String> messages = client.takeEverything();
        assertThat(of(messages, "EOSE")).hasSize(2);
        assertThat(of(messages, "EVENT")).hasSize(333);
        assertNothingIsKept();
    }

    /// Whoever comes last is not the one who takes the most.
    @Test
    void hasTheLargestGiveWayWhereAllConnectionsHoldMuch() {
        SlowClient other = client();
        int[] ours = joining(1);
        int theirs = other.open("theirs", "{}");
        relay.acknowledge(1, 5);
        deliverInTurn(180, ours);
        deliverInTurn(30, theirs);
        assertThat(client.takeEverything()).isEmpty();
        deliverInTurn(30, theirs);

        assertThat(client.takeEverything()).singleElement().asString().contains("CLOSED", "error: there is no room");
        assertThat(client.isOpen()).isTrue();
        deliverInTurn(10, theirs);
        answerAll();
        assertThat(of(other.takeEverything(), "EVENT")).hasSize(70);
        assertNothingIsKept();
    }

    /// Many connections that hold a little each may be one client.
    @Test
    void hasThoseGiveWayForWhoseAddressMostIsHeld() {
        AddressBlock crowded = new AddressBlock(false, 1);
        List<SlowClient> crowd = IntStream.range(0, 12)
                .mapToObj(i -> new SlowClient(relay, properties, budget, crowded))
                .toList();
        relay.link(1, 5);
        int ours = joining(1)[0];
        int[] handles = crowd.stream().mapToInt(one -> one.open("sub", "{}")).toArray();
        relay.acknowledge(1, 5);
        deliverInTurn(60, ours);
        deliverInTurn(12 * 15, handles);
        crowd.forEach(SlowClient::run);

        assertThat(client.takeEverything()).isEmpty();
        assertThat(crowd.stream().flatMap(one -> one.takeEverything().stream()))
                .isNotEmpty()
                .allMatch(message -> message.startsWith("[\"CLOSED\",\"sub\",\"error: there is no room"));
        answerAll();
        assertThat(of(client.takeEverything(), "EVENT")).hasSize(60);
    }

    /// A client that takes little of what it asked for holds it here.
    @Test
    void countsWhatHasComeOfStoredAnswers() {
        joining(1);
        byte[] json = large(1).json();
        for (LinkFrame.FromGateway frame : List.copyOf(relay.asked)) {
            if (frame instanceof LinkFrame.Query query) {
                relay.answer(new LinkFrame.Page(query.request(), new Position(1, 5), Collections.nCopies(300, json)));
            }
        }
        client.run();

        assertThat(client.takeEverything()).last().asString().contains("CLOSED", "error: there is no room");
        assertNothingIsKept();
    }

    /// Clients that come back at the same time all wait for the same.
    @Test
    void countsAnEventOnceForAllConnectionsThatWaitForIt() {
        List<SlowClient> crowd = IntStream.range(0, 20).mapToObj(i -> client()).toList();
        int[] handles = crowd.stream().mapToInt(one -> one.open("sub", "{}")).toArray();
        relay.acknowledge(1, 5);
        for (int i = 0; i < 190; i++) {
            deliver(large(i), handles);
        }
        assertThat(SlowClient.waiting(relay)).isBetween(190.0 * EVENT, 191.0 * (EVENT + 1_000));

        crowd.subList(1, 20).forEach(one -> one.subscriptions.closeAll());
        assertThat(SlowClient.waiting(relay)).isGreaterThan(190.0 * EVENT);
        answerAll();
        assertThat(of(crowd.getFirst().takeEverything(), "EVENT")).hasSize(190);
        assertNothingIsKept();
    }

    @Test
    void givesBackWhatItTookHoweverThatGoes() {
        Map<String, Consumer<SlowClient>> ends = Map.of(
                "sent", SlowClient::takeEverything,
                "closed by the client", gone -> gone.subscriptions.close("s0"),
                "replaced", replaced -> replaced.open("s0", LIVE_ONLY),
                "connection gone", gone -> gone.subscriptions.closeAll(),
                "ended by the relay", ended -> relay.feed.endAll("error: simulated"),
                "no more room",
                        full -> deliverInTurn(
                                500, relay.feed.enrol(relay.feed.standing().getFirst())));
        ends.forEach((name, end) -> {
            deliverInTurn(150, live(1));
            assertThat(SlowClient.waiting(relay)).as(name).isGreaterThan(30 * EVENT);
            end.accept(client);
            client.run();
            assertThat(SlowClient.waiting(relay)).as(name).isZero();
            client.subscriptions.closeAll();
            client.takeEverything();
        });
    }

    /// NIP-59: a gift wrap is for whom it is addressed to. Whoever proves a key later has no claim to what came before,
    /// as with events that are sent at once.
    @Test
    void keepsNothingThatTheViewerMayNotSee() {
        String key = "ab".repeat(32);
        Event wrap = Event.of(TestFeed.SIGNER, 0, 1059, List.of(Tag.of("p", key)), "before");
        int[] handles = joining(1);
        deliver(wrap, handles);
        assertNothingIsKept();

        client.proven = Set.of(Bytes32.ofHex(key));
        deliver(Event.of(TestFeed.SIGNER, 0, 1059, List.of(Tag.of("p", key)), "after"), handles);
        assertThat(SlowClient.waiting(relay)).isPositive();
        answerAll();
        assertThat(of(client.takeEverything(), "EVENT"))
                .singleElement()
                .asString()
                .contains("after");
    }

    @Test
    void sendsToAFewSubscriptionsAtATimeWhenTheClientGoesOn() {
        int[] handles = live(30);
        deliverInTurn(30 * 8, handles);
        List<String> messages = new ArrayList<>(take());
        while (client.pendingBytes() > 0) {
            assertThat(client.pendingBytes()).isLessThan(8 * (SLICE + 2 * EVENT));
            messages.addAll(take());
        }
        assertThat(client.isOpen()).isTrue();
        assertThat(of(messages, "EVENT")).hasSize(30 * 8);
        assertInOrder(messages, 30);

        deliverInTurn(30, handles);
        assertThat(take()).as("live again").hasSize(30);
        assertNothingIsKept();
    }

    @Test
    void sendsWhatHasWaitedHoweverLongTheStoreTakesForOthers() {
        int handle = live(1)[0];
        for (int number = 1; number <= 9; number++) {
            client.open("r" + number, "{}");
        }
        deliverInTurn(60, handle);
        assertThat(client.takeEverything()).hasSize(60);
        assertNothingIsKept();
    }

    @Test
    void givesATurnToTheNextWhenOneThatWaitedIsClosed() {
        int[] handles = live(12);
        deliverInTurn(12 * 8, handles);
        IntStream.range(0, 9).forEach(i -> client.subscriptions.close("s" + i));
        List<String> messages = client.takeEverything();
        assertThat(messages).filteredOn(message -> message.contains("\"s11\"")).hasSize(8);
        deliverInTurn(12 * 8, handles);
        assertThat(client.takeEverything()).hasSize(3 * 8);
        assertThat(relay.feed.standing()).hasSize(3);
        assertNothingIsKept();
    }

    private SlowClient client() {
        relay.link(1, 5);
        seq = 5;
        return new SlowClient(relay, properties, budget);
    }

    /// Subscriptions that are registered, and wait for what is stored.
    private int[] joining(int number) {
        return open(number, "{}");
    }

    private void answerAll() {
        for (LinkFrame.FromGateway frame : List.copyOf(relay.asked)) {
            if (frame instanceof LinkFrame.Query query) {
                relay.answer(new LinkFrame.End(query.request(), new Position(1, 5)));
            }
        }
        client.run();
    }

    private int[] live(int number) {
        int[] handles = open(number, LIVE_ONLY);
        assertThat(client.takeEverything()).hasSize(number);
        return handles;
    }

    private int[] open(int number, String filter) {
        int[] handles = IntStream.range(0, number)
                .map(i -> client.open("s" + i, filter))
                .toArray();
        relay.acknowledge(1, 5);
        return handles;
    }

    private void deliver(Event event, int... handles) {
        relay.deliver(1, ++seq, event, handles);
    }

    /// Large events, each to one of them.
    private void deliverInTurn(int events, int... handles) {
        for (int i = 0; i < events; i++) {
            deliver(large(i), handles[i % handles.length]);
        }
        client.run();
    }

    private static Event large(int number) {
        return event(1, "event " + number + " " + "x".repeat(EVENT));
    }

    private List<String> take() {
        client.takeWritten();
        client.run();
        return client.taken();
    }

    private static List<String> of(List<String> messages, String kind) {
        return messages.stream()
                .filter(message -> message.startsWith("[\"" + kind + "\""))
                .toList();
    }

    /// How events begin of the subscription that was ended.
    private static String closed(List<String> messages) {
        return of(messages, "CLOSED")
                .getFirst()
                .substring(0, "['CLOSED','s0',".length())
                .replace("CLOSED", "EVENT");
    }

    /// Each has got its own, in the order in which they came.
    private static void assertInOrder(List<String> messages, int subscriptions) {
        for (int i = 0; i < subscriptions; i++) {
            String prefix = "[\"EVENT\",\"s" + i + "\"";
            List<Integer> numbers = messages.stream()
                    .filter(message -> message.startsWith(prefix))
                    .map(message -> Integer.valueOf(message.replaceAll(".*\"event (\\d+) .*", "$1")))
                    .toList();
            assertThat(numbers).isSorted().doesNotHaveDuplicates().isNotEmpty();
        }
    }

    private void assertNothingIsKept() {
        assertThat(SlowClient.waiting(relay)).isZero();
    }
}
