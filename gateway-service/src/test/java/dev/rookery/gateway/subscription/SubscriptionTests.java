package dev.rookery.gateway.subscription;

import static dev.rookery.gateway.subscription.TestFeed.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.OutboundLimits;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/// One REQ: where it joins what is stored with what is live, and what it does when they do not fit.
@Timeout(60)
class SubscriptionTests {

    private static final int MOST_WAITING = 3;

    /// What passes by itself, and soon.
    private static final EnumSet<Failure> PASSING = EnumSet.of(Failure.NO_LINK, Failure.OVERLOADED);

    private final TestFeed relay = new TestFeed(TestFeed.usual());
    private final SentText sent = new SentText(relay.channel);
    private int handle;
    private Set<Bytes32> proven = Set.of();
    private boolean fails;

    @Test
    void asksFromWhatTheGatewayHasReached() {
        relay.link(1, 5);
        relay.reached.raise(new Position(1, 9));
        open();
        assertThat(query().atLeast()).isEqualTo(new Position(1, 9));
    }

    @Test
    void asksFromWhatTheLinkHasTold() {
        relay.link(1, 5);
        relay.heartbeat(1, 12);
        open();
        assertThat(query().atLeast()).isEqualTo(new Position(1, 12));
    }

    @Test
    void asksAgainWhenTheRegistrationHasSeenMoreThanTheAnswer() {
        relay.link(1, 5);
        open();
        page(new Position(1, 6), "from six");
        relay.acknowledge(1, 7);
        assertThat(query().atLeast()).isEqualTo(new Position(1, 7));
        page(new Position(1, 7), "from seven");
        end(new Position(1, 7));

        assertThat(said()).satisfiesExactly(stored -> assertThat(stored).contains("from seven"), this::isEose);
    }

    /// The service is not trusted to have kept to what it was asked.
    @Test
    void asksAgainWhenTheAnswerIsBehindWhatWasAskedFor() {
        relay.link(1, 5);
        relay.reached.raise(new Position(1, 9));
        open();
        relay.acknowledge(1, 6);
        end(new Position(1, 8));
        assertThat(said()).isEmpty();
        assertThat(query().atLeast()).isEqualTo(new Position(1, 9));
        end(new Position(1, 9));

        assertThat(said()).singleElement().satisfies(this::isEose);
    }

    @Test
    void sendsALiveEventIfAndOnlyIfItIsAfterTheSnapshot() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        relay.deliver(1, 6, event(1, "six, stored"), handle);
        relay.deliver(1, 7, event(1, "seven, live"), handle);
        page(new Position(1, 6), "six, stored");
        end(new Position(1, 6));
        relay.deliver(1, 8, event(1, "eight, live"), handle);

        assertThat(said())
                .satisfiesExactly(
                        stored -> assertThat(stored).contains("six, stored"),
                        this::isEose,
                        live -> assertThat(live).contains("seven, live"),
                        live -> assertThat(live).contains("eight, live"));
    }

    @Test
    void cutsTheConnectionRatherThanGoOnBehindWhatItCouldNotSend() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        fails = true;
        page(new Position(1, 6), "cannot be sent");
        fails = false;
        end(new Position(1, 6));

        assertThat(said()).isEmpty();
        assertThat(relay.channel.isOpen()).isFalse();
    }

    /// NIP-50: what a search finds, the store alone knows.
    @Test
    void sendsWhatASearchHasFoundAndNothingLive() throws MalformedMessageException {
        relay.link(1, 5);
        open(FilterReader.readAll("[{\"search\":\"rooks\"}]".getBytes(UTF_8)).getFirst());
        relay.acknowledge(1, 5);
        page(new Position(1, 6), "rooks");
        end(new Position(1, 6));
        relay.deliver(1, 7, event(1, "rooks, live"), handle);

        assertThat(said()).satisfiesExactly(stored -> assertThat(stored).contains("rooks"), this::isEose);
    }

    @Test
    void endsRatherThanDropWhenTooManyLiveEventsWait() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        for (int seq = 6; seq < 6 + MOST_WAITING; seq++) {
            relay.deliver(1, seq, event(1, "live"), handle);
        }
        assertThat(said()).isEmpty();
        relay.deliver(1, 50, event(1, "one too many"), handle);

        assertThat(said()).singleElement().satisfies(this::isClosedWithError);
    }

    @Test
    void endsRatherThanDropWhenTheLiveEventsThatWaitTakeTooMuch() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        relay.deliver(1, 6, event(1, "x".repeat(6_000)), handle);
        assertThat(said()).isEmpty();
        relay.deliver(1, 7, event(1, "y".repeat(6_000)), handle);

        assertThat(said()).singleElement().satisfies(this::isClosedWithError);
    }

    @Test
    void endsWhenTheStoreCannotAnswerAndNeverSaysThatThereIsNothing() {
        for (Failure failure : EnumSet.complementOf(PASSING)) {
            relay.link(1, 5);
            open();
            relay.acknowledge(1, 5);
            relay.answer(new LinkFrame.Failed(query().request(), failure, "simulated"));
            String prefix = failure == Failure.INVALID ? "invalid: " : "error: ";
            assertThat(said())
                    .as("%s", failure)
                    .singleElement()
                    .asString()
                    .startsWith("[\"CLOSED\",\"sub\",\"" + prefix);
            relay.cut();
        }
    }

    @Test
    void asksAgainWhatASwiftRecoveryWouldAnswer() {
        relay.link(1, 5);
        relay.reached.raise(new Position(1, 9));
        open();
        for (Failure failure : PASSING) {
            Query failed = query();
            page(new Position(1, 9), "of an answer that breaks off");
            relay.answer(new LinkFrame.Failed(failed.request(), failure, "simulated"));
            relay.pass(Duration.ofMillis(250));
            assertThat(query().request()).isNotEqualTo(failed.request());
            assertThat(query().atLeast()).isEqualTo(new Position(1, 9));
        }
        relay.acknowledge(1, 5);
        assertThat(said()).isEmpty();
        end(new Position(1, 9));
        assertThat(said()).singleElement().satisfies(this::isEose);
    }

    @Test
    void endsWhenTheStoreIsNotBackInTime() {
        relay.link(1, 5);
        relay.query.closed();
        open();
        relay.acknowledge(1, 5);
        relay.pass(Duration.ofSeconds(9));
        assertThat(said()).isEmpty();
        relay.pass(Duration.ofSeconds(2));
        assertThat(said()).singleElement().satisfies(this::isClosedWithError);
    }

    /// Eight have a turn at a time, and not even the last of many REQs waits for one turn after another.
    @Test
    void endsThoseThatWaitBehindItWhenTheStoreIsNotBackInTime() {
        relay.link(1, 5);
        relay.query.closed();
        Subscriptions subscriptions = subscriptions();
        for (int i = 0; i < 30; i++) {
            subscriptions.open("first " + i, List.of(Filter.ANY));
        }
        relay.pass(Duration.ofSeconds(7));
        subscriptions.open("last", List.of(Filter.ANY));
        relay.pass(Duration.ofSeconds(4));
        assertThat(said()).hasSize(30).allMatch(closed -> closed.contains("\"first ") && closed.contains("error: "));

        relay.pass(Duration.ofSeconds(8));
        assertThat(said()).as("it is asked for, now that it is its turn").isEmpty();
        relay.pass(Duration.ofSeconds(2));
        assertThat(said()).singleElement().asString().startsWith("[\"CLOSED\",\"last\",\"error: ");
    }

    @Test
    void endsWhenTheLinkToTheStoreIsLostBetweenPages() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        page(new Position(1, 5), "the first page");
        relay.query.closed();

        assertThat(said())
                .satisfiesExactly(stored -> assertThat(stored).contains("the first page"), this::isClosedWithError);
    }

    @Test
    void endsWhenTheStoreFailsBetweenPages() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        page(new Position(1, 5), "the first page");
        relay.answer(new LinkFrame.Failed(query().request(), Failure.UNAVAILABLE, "simulated"));

        assertThat(said())
                .satisfiesExactly(stored -> assertThat(stored).contains("the first page"), this::isClosedWithError);
    }

    @Test
    void endsWhenNothingIsLinkedForTooLong() {
        open();
        relay.pass(Duration.ofSeconds(11));

        assertThat(said()).singleElement().satisfies(this::isClosedWithError);
    }

    @Test
    void letsTheGatewayKnowOfAnEpochThatTheStoreHasBegun() {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        end(new Position(2, 1));

        assertThat(relay.reached.get()).isEqualTo(new Position(2, 0));
        assertThat(said()).singleElement().satisfies(this::isEose);
        relay.deliver(1, 6, event(1, "of the epoch before"), handle);
        assertThat(said()).isEmpty();
        relay.cut();
        relay.link(2, 1);
        assertThat(said()).singleElement().satisfies(this::isClosedWithError);
    }

    /// NIP-59: a gift wrap is for whom it is addressed to, and for nobody else, when it comes in as later.
    @Test
    void showsWhatIsPrivateToThoseOnlyWhoHaveProvenThatItIsForThem() throws Exception {
        String key = "ab".repeat(32);
        Event wrap = Event.of(TestFeed.SIGNER, 0, 1059, List.of(new Tag(List.of("p", key))), "wrapped");
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        relay.answer(new LinkFrame.End(query().request(), new Position(1, 5)));
        said();
        relay.deliver(1, 6, wrap, handle);
        assertThat(said()).isEmpty();

        proven = Set.of(Bytes32.parseHex(key).orElseThrow());
        relay.deliver(1, 7, wrap, handle);
        assertThat(said()).hasSize(1);
    }

    /// NIP-67: of what has become visible meanwhile, the store was not asked.
    @Test
    void saysNothingOfCompletenessOnceMoreMayBeSeen() throws Exception {
        relay.link(1, 5);
        open();
        relay.acknowledge(1, 5);
        relay.answer(new LinkFrame.End(query().request(), new Position(1, 5), LinkFrame.Completeness.FINISHED));
        assertThat(said()).containsExactly("[\"EOSE\",\"sub\",[\"finish\"]]");

        open();
        proven = Set.of(Bytes32.parseHex("ab".repeat(32)).orElseThrow());
        relay.acknowledge(1, 5);
        relay.answer(new LinkFrame.End(query().request(), new Position(1, 5), LinkFrame.Completeness.FINISHED));
        assertThat(said()).singleElement().satisfies(this::isEose);
    }

    private void open() {
        open(Filter.ANY);
    }

    private void open(Filter filter) {
        subscriptions().open("sub", List.of(filter));
        relay.pass(Duration.ZERO);
        handle = relay.handles().isEmpty() ? 0 : relay.handles().getLast();
    }

    private Subscriptions subscriptions() {
        var properties = TestFeed.settings(MOST_WAITING, DataSize.ofKilobytes(10), 3);
        Outbound out = new Outbound(relay.channel, new OutboundLimits(64 << 20, 32 << 10, Duration.ofSeconds(1)));
        Joining joining = new Joining(
                relay.feed,
                relay.query,
                new Turns(out, properties.maxAnswers()),
                new WaitingRoom(
                        properties,
                        new WaitingBudget(properties.maxWaitingMemory(), relay.meters),
                        new Turns(out, properties.maxAnswers()),
                        new WaitingRoom.Owner(AddressBlock.of(InetAddress.getLoopbackAddress()), out.executor())),
                properties,
                relay.reached,
                new Visibility(Set.of(1059)),
                this::proven,
                Clock.systemUTC(),
                new JoinMeters(new SimpleMeterRegistry()));
        return new Subscriptions(out, joining);
    }

    private Set<Bytes32> proven() {
        if (fails) {
            throw new StackOverflowError("simulated");
        }
        return proven;
    }

    private Query query() {
        return (Query) relay.asked.stream()
                .filter(Query.class::isInstance)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private void page(Position snapshot, String content) {
        relay.answer(
                new Page(query().request(), snapshot, List.of(event(1, content).json())));
    }

    private void end(Position snapshot) {
        relay.answer(new LinkFrame.End(query().request(), snapshot));
    }

    private List<String> said() {
        relay.pass(Duration.ofMillis(10));
        return sent.next();
    }

    private void isEose(String message) {
        assertThat(message).isEqualTo("[\"EOSE\",\"sub\"]");
    }

    private void isClosedWithError(String message) {
        assertThat(message).startsWith("[\"CLOSED\",\"sub\",\"error: ");
    }
}
