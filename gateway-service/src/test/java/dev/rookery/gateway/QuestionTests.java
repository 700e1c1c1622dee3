package dev.rookery.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Cancel;
import dev.rookery.link.LinkFrame.Count;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Reconcile;
import dev.rookery.link.LinkFrame.ReconcileOn;
import dev.rookery.link.LinkFrame.Reconciled;
import dev.rookery.order.Position;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// COUNT (NIP-45) and reconciliations (NIP-77), as far as the gateway answers for them.
@Timeout(60)
class QuestionTests {

    private static final int QUESTIONS = 3;

    private static FakeServices services;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        services = new FakeServices();
        gateway = RunningGateway.startLinked(
                services, "--relay.limits.enabled=false", "--relay.limits.questions=" + QUESTIONS);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        services.close();
    }

    @BeforeEach
    void askNothing() {
        services.answers = asked -> List.of();
        services.asked.clear();
    }

    @Test
    void asksTheStoreForACountAndTellsIt() throws Exception {
        services.answers = asked -> List.of(counted(asked, 238, new byte[0]));
        try (RawClient client = gateway.client()) {
            client.text("[\"COUNT\",\"q\",{\"kinds\":[7],\"limit\":3},{\"kinds\":[6]}]");

            assertThat(client.message()).isEqualTo("[\"COUNT\",\"q\",{\"count\":238}]");
            assertThat(new String(next(Count.class).filters(), UTF_8))
                    .isEqualTo("[{\"kinds\":[7],\"limit\":3},{\"kinds\":[6]}]");
        }
    }

    @Test
    void tellsRegistersInHex() throws Exception {
        byte[] registers = new byte[256];
        registers[1] = 0x2a;
        services.answers = asked -> List.of(counted(asked, 1, registers));
        try (RawClient client = gateway.client()) {
            client.text("[\"COUNT\",\"q\",{\"#e\":[\"" + "a".repeat(64) + "\"]}]");

            assertThat(client.message())
                    .isEqualTo("[\"COUNT\",\"q\",{\"count\":1,\"hll\":\"002a" + "0".repeat(508) + "\"}]");
        }
    }

    /// A query's id is not a subscription's, whatever becomes of the query.
    @Test
    void leavesTheSubscriptionOfTheSameIdAlone() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"REQ\",\"s\",{\"kinds\":[4242]}]");
            assertThat(client.message()).isEqualTo("[\"EOSE\",\"s\"]");
            client.text("[\"COUNT\",\"s\",{\"foo\":1}]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"s\",\"unsupported: ");
            services.answers = asked -> List.of(failed(asked, Failure.TOO_SLOW));
            client.text("[\"COUNT\",\"s\",{}]");
            assertThat(client.message()).isEqualTo("[\"CLOSED\",\"s\",\"error: why\"]");
            client.text("[\"NEG-OPEN\",\"s\",{},\"61\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-ERR\",\"s\",\"error: why\"]");
            assertThat(services.registered).containsValue("[{\"kinds\":[4242],\"limit\":500}]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"COUNT\",\"q\",{\"kinds\":[1059]}]",
                "[\"NEG-OPEN\",\"q\",{\"kinds\":[1059]},\"61\"]",
            })
    void asksForAKeyWhereOnlyPrivateKindsAreWanted(String message) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(message);

            assertThat(client.message()).startsWith("[\"AUTH\",");
            assertThat(client.message())
                    .startsWith(message.startsWith("[\"C") ? "[\"CLOSED\"" : "[\"NEG-ERR\"")
                    .contains(",\"q\",\"auth-required: ");
            assertThat(services.asked).noneMatch(frame -> frame instanceof Count || frame instanceof Reconcile);
        }
    }

    @Test
    void carriesOnAReconciliationUntilItIsClosed() throws Exception {
        services.answers = asked -> switch (asked) {
            case Reconcile first -> List.of(new Reconciled(first.request(), new byte[] {0x61, 1}));
            case ReconcileOn next -> List.of(new Reconciled(next.request(), next.message()));
            default -> List.of();
        };
        try (RawClient client = gateway.client()) {
            client.text("[\"NEG-OPEN\",\"n\",{\"kinds\":[1]},\"61AbcD\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-MSG\",\"n\",\"6101\"]");
            Reconcile first = next(Reconcile.class);
            assertThat(first.message()).containsExactly(0x61, 0xab, 0xcd);
            assertThat(new String(first.filters(), UTF_8)).isEqualTo("[{\"kinds\":[1]}]");

            client.text("[\"NEG-MSG\",\"n\",\"6102\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-MSG\",\"n\",\"6102\"]");
            assertThat(next(ReconcileOn.class).request()).isEqualTo(first.request());

            client.text("[\"NEG-CLOSE\",\"n\"]");
            assertCancelled(first.request());
            client.text("[\"NEG-MSG\",\"n\",\"6103\"]");
            assertThat(client.message()).startsWith("[\"NEG-ERR\",\"n\",\"closed: ");
        }
    }

    @Test
    void closesTheOldOneFirstWhereAnIdIsOpenedAgain() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");
            int old = next(Reconcile.class).request();
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");

            assertCancelled(old);
            assertThat(next(Reconcile.class).request()).isNotEqualTo(old);
        }
    }

    @Test
    void wantsOneMessageAtATime() throws Exception {
        try (RawClient client = gateway.client()) {
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");
            int request = next(Reconcile.class).request();
            client.text("[\"NEG-MSG\",\"n\",\"61\"]");

            assertThat(client.message()).startsWith("[\"NEG-ERR\",\"n\",\"invalid: one message");
            assertCancelled(request);
        }
    }

    /// A query-service that is restarted is not noticed by those who ask meanwhile.
    @Test
    void asksAgainWhileTheStoreCannotBeReached() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        services.answers = asked -> switch (asked) {
            case Count _, Reconcile _
            when failures.getAndIncrement() % 3 < 2 -> List.of(failed(asked, Failure.NO_LINK));
            case Count count -> List.of(counted(count, 7, new byte[0]));
            case Reconcile first -> List.of(new Reconciled(first.request(), first.message()));
            default -> List.of();
        };
        try (RawClient client = gateway.client()) {
            client.text("[\"COUNT\",\"q\",{}]");
            assertThat(client.message()).isEqualTo("[\"COUNT\",\"q\",{\"count\":7}]");
            client.text("[\"NEG-OPEN\",\"n\",{},\"6105\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-MSG\",\"n\",\"6105\"]");
        }
    }

    /// What the store had kept of it is gone.
    @Test
    void endsAReconciliationThatHasBegunWhenTheStoreCannotBeReached() throws Exception {
        services.answers = asked -> switch (asked) {
            case Reconcile first -> List.of(new Reconciled(first.request(), first.message()));
            case ReconcileOn next -> List.of(failed(next, Failure.NO_LINK));
            default -> List.of();
        };
        try (RawClient client = gateway.client()) {
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-MSG\",\"n\",\"61\"]");
            client.text("[\"NEG-MSG\",\"n\",\"61\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-ERR\",\"n\",\"error: why\"]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TOO_LARGE, blocked: why",
        "ABANDONED, closed: why",
        "INVALID, invalid: why",
        "OVERLOADED, error: why",
        "UNAVAILABLE, error: why"
    })
    void saysWhyAReconciliationFails(Failure failure, String reason) throws Exception {
        services.answers = asked -> asked instanceof Reconcile ? List.of(failed(asked, failure)) : List.of();
        try (RawClient client = gateway.client()) {
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");
            assertThat(client.message()).isEqualTo("[\"NEG-ERR\",\"n\",\"" + reason + "\"]");
            client.text("[\"NEG-MSG\",\"n\",\"61\"]");
            assertThat(client.message()).startsWith("[\"NEG-ERR\",\"n\",\"closed: ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"NEG-OPEN\",\"n\",{},\"6\"]",
                "[\"NEG-OPEN\",\"n\",{},\"zz\"]",
                "[\"NEG-OPEN\",\"n\",{}]",
                "[\"NEG-OPEN\",\"n\",{},16,\"61\"]",
                "[\"NEG-OPEN\",\"n\",[{}],\"61\"]",
                "[\"NEG-OPEN\",\"n\",\"61\"]",
                "[\"NEG-OPEN\",\"n\"]",
                "[\"NEG-MSG\",\"n\"]",
                "[\"NEG-MSG\",\"n\",61]",
                "[\"NEG-OPEN\",\"n\",{\"foo\":1},\"61\"]"
            })
    void refusesWhatIsNoMessage(String message) throws Exception {
        try (RawClient client = gateway.client()) {
            client.text(message);
            assertThat(client.message()).matches("\\[\"NEG-ERR\",\"n\",\"(invalid|unsupported): .*");
            assertThat(services.asked).noneMatch(frame -> frame instanceof Count || frame instanceof Reconcile);
        }
    }

    @Test
    void takesNoMoreThanSoManyAtATimeOfBothTogether() throws Exception {
        try (RawClient client = gateway.client()) {
            for (int i = 0; i < QUESTIONS - 1; i++) {
                client.text("[\"NEG-OPEN\",\"n" + i + "\",{},\"61\"]");
            }
            client.text("[\"COUNT\",\"q\",{}]");
            client.text("[\"COUNT\",\"q\",{}]");
            assertThat(client.message()).startsWith("[\"CLOSED\",\"q\",\"rate-limited: ");
            client.text("[\"NEG-OPEN\",\"more\",{},\"61\"]");
            assertThat(client.message()).startsWith("[\"NEG-ERR\",\"more\",\"rate-limited: ");
            client.text("[\"NEG-OPEN\",\"n0\",{},\"61\"]");
            client.text("[\"NEG-CLOSE\",\"n0\"]");
            next(Count.class);
            services.answers = asked -> asked instanceof Count ? List.of(counted(asked, 5, new byte[0])) : List.of();
            client.text("[\"COUNT\",\"q\",{}]");
            assertThat(client.message()).isEqualTo("[\"COUNT\",\"q\",{\"count\":5}]");
        }
    }

    @Test
    void endsWhatIsUnderWayWithTheConnection() throws Exception {
        int count;
        int reconciliation;
        try (RawClient client = gateway.client()) {
            client.text("[\"COUNT\",\"q\",{}]");
            count = next(Count.class).request();
            client.text("[\"NEG-OPEN\",\"n\",{},\"61\"]");
            reconciliation = next(Reconcile.class).request();
        }

        assertCancelled(count);
        assertCancelled(reconciliation);
    }

    /// Connections of earlier tests may still end, so what is of another kind is passed over.
    private static <T extends LinkFrame> T next(Class<T> kind) throws InterruptedException {
        LinkFrame next = services.asked.poll(10, TimeUnit.SECONDS);
        while (next != null && !kind.isInstance(next)) {
            next = services.asked.poll(10, TimeUnit.SECONDS);
        }
        return kind.cast(Objects.requireNonNull(next, "nothing was asked"));
    }

    private static void assertCancelled(int request) throws InterruptedException {
        Cancel next = next(Cancel.class);
        while (next.request() != request) {
            next = next(Cancel.class);
        }
    }

    private static LinkFrame counted(LinkFrame asked, long count, byte[] registers) {
        return new Counted(request(asked), new Position(1, 1), count, registers);
    }

    private static LinkFrame failed(LinkFrame asked, Failure failure) {
        return new Failed(request(asked), failure, "why");
    }

    private static int request(LinkFrame asked) {
        return switch (asked) {
            case Count count -> count.request();
            case Reconcile first -> first.request();
            case ReconcileOn next -> next.request();
            default -> throw new AssertionError("not to be answered: " + asked);
        };
    }
}
