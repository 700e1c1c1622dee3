package dev.rookery.indexer.emission;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.kafka.LateProducer;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/// Who emits a row of the outbox that has been there for too long, with a broker that answers when a test says so.
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class LeftoversIT {

    /// All tests share a database.
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final EmissionProperties properties = new EmissionProperties(
            64, DataSize.ofMegabytes(1), 2000, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMillis(250));
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

    private Store store;
    private PostgresSession session;
    private Outbox outbox;
    private EmissionPublisher publisher;
    private Leftovers leftovers;
    private TestDecider decider;

    @BeforeEach
    void migrate(TestPostgres database) {
        store = new Store(database);
        store.migrate();
        store.run("delete from events.outbox");
        session = store.server().choreSession("chores");
        outbox = new Outbox(session, properties, new SimpleMeterRegistry());
        publisher = publisher();
        leftovers = leftovers(publisher);
        decider = new TestDecider(database, "lane-" + NUMBERS.incrementAndGet()).placeAt(0, -1);
    }

    @AfterEach
    void close() {
        decider.close();
        session.close();
    }

    private EmissionPublisher publisher() {
        return new EmissionPublisher(
                new LateProducer(() -> producer),
                new LogRecords(new Topics(""), new Seal(RunningIndexer.SECRET)),
                outbox,
                properties,
                new SimpleMeterRegistry());
    }

    private Leftovers leftovers(EmissionPublisher emitting) {
        return new Leftovers(session, emitting, new SimpleMeterRegistry());
    }

    private Decided decide() {
        Decided decided = decider.decide(new TestAuthor(1).note("left over " + NUMBERS));
        endClaims();
        return decided;
    }

    private void endClaims() {
        store.run("update events.outbox set claimed_until = clock_timestamp() - interval '1 s'");
    }

    @Test
    void emitsWhatNobodyHasInHand() {
        decide();
        leftovers.emit();
        eventually("sent", () -> producer.history().size() == 1);
    }

    @Test
    void leavesAloneWhatAnotherHasClaimed() {
        decide();
        store.run("update events.outbox set created = clock_timestamp() - interval '1 hour'");
        leftovers.emit();
        EmissionPublisher others = publisher();
        leftovers(others).emit();
        assertThat(others.inHand()).isEmpty();
        endClaims();
        leftovers(others).emit();
        assertThat(others.inHand()).hasSize(1);
    }

    @Test
    void passesOverWhatAnotherIsClaiming(TestPostgres database) throws Exception {
        decide();
        try (var other = database.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update events.outbox set claimed_until = clock_timestamp() + interval '1 min'");
            leftovers.emit();
            assertThat(publisher.inHand()).isEmpty();
            other.commit();
        }
        leftovers.emit();
        assertThat(publisher.inHand()).isEmpty();
    }

    /// For as long as it is old already, within bounds: the longer an outage lasts, the fewer attempts.
    @ParameterizedTest
    @CsvSource({"0 s, 500 ms", "10 s, 10 s", "1 hour, 30 s"})
    void claimsForLongerWhatIsOlder(String age, String claim) {
        decide();
        store.run("update events.outbox set created = clock_timestamp() - ?::interval", age);
        String before = store.<String>column("select clock_timestamp()::text").getFirst();
        leftovers.emit();
        assertThat(store.<Boolean>column(
                        "select claimed_until >= ?::timestamptz + ?::interval"
                                + " and claimed_until <= clock_timestamp() + greatest(?::interval,"
                                + " least(clock_timestamp() - created, interval '30 s')) from events.outbox",
                        before,
                        claim,
                        claim))
                .containsExactly(true);
    }

    /// A broker that is slow would be made slower.
    @Test
    void leavesAloneWhatIsBeingSent() {
        publisher.emit(decide());
        eventually("sent", () -> producer.history().size() == 1);
        assertThat(publisher.inHand()).hasSize(1);
        leftovers.emit();
        assertThat(publisher.inHand()).hasSize(1);
        assertThat(claims()).isZero();
        assertThat(producer.completeNext()).isTrue();
        assertThat(publisher.inHand()).isEmpty();
        outbox.writeAcknowledgements();
        leftovers.emit();
        assertThat(claims()).isZero();
    }

    @Test
    void emitsAgainWhatTheBrokerHasRefused() {
        publisher.emit(decide());
        eventually("sent", () -> producer.history().size() == 1);
        assertThat(producer.errorNext(new TimeoutException("no broker"))).isTrue();
        assertThat(publisher.inHand()).isEmpty();
        leftovers.emit();
        eventually("sent again", () -> producer.history().size() == 2);
        assertThat(publisher.inHand()).hasSize(1);
    }

    /// A database that has gone back gives its numbers once more, to what nobody has emitted.
    @Test
    void takesNoRowOfAnotherEpochForTheOneThatTheBrokerHas() {
        publisher.emit(decide());
        eventually("sent", () -> producer.history().size() == 1);
        store.run("update events.outbox set epoch = epoch + 1");
        assertThat(producer.completeNext()).isTrue();
        outbox.writeAcknowledgements();
        leftovers.emit();
        eventually("sent again", () -> producer.history().size() == 2);
    }

    /// Chores may be slow: what the broker has must not count as waiting until one of them writes it down.
    @Test
    void isNotFullOfWhatTheBrokerHas() {
        for (int turn = 0; turn <= properties.maxUnacknowledged(); turn++) {
            outbox.added();
        }
        assertThat(outbox.isFull()).isTrue();
        outbox.acknowledge(1, 1);
        assertThat(outbox.isFull()).isFalse();
    }

    /// Rows that somebody has claimed, and so is about to emit.
    private long claims() {
        return store.<Long>column("select count(*) from events.outbox where claimed_until > clock_timestamp()")
                .getFirst();
    }
}
