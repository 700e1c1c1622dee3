package dev.rookery.indexer.decision;

import dev.rookery.admission.RelayUrl;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.batch.DeletionTargets;
import dev.rookery.indexer.batch.Preparation;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.lane.HighestSeen;
import dev.rookery.indexer.lane.LaneMove;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// An indexer without a log: one lane of its own, and whatever is put into it is decided at once.
public final class TestDecider implements AutoCloseable {

    private static final UUID TOPIC = new UUID(1, 2);
    private static final LogRecords RECORDS = new LogRecords(new Topics(""), new Seal(RunningIndexer.SECRET));

    final Store store;
    final HighestSeen highest = new HighestSeen();
    final PostgresSession session;
    private final Sequencer sequencer;
    private final Preparation preparation = new Preparation(
            RECORDS,
            (id, key, signature) -> false,
            new DeletionTargets(Set.of(RelayUrl.parse("wss://here.example").orElseThrow())));
    private final TopicPartition lane;
    private long offset;

    public TestDecider(TestPostgres database, String topic) {
        store = new Store(database);
        session = store.server().session("test");
        sequencer = new Sequencer(session, highest);
        lane = new TopicPartition(topic, 0);
    }

    /// Places the lane at an offset, whatever the table says now.
    public TestDecider placeAt(long place, long committed) {
        List<Long> found = store.column("select decided from events.progress where topic = ?", lane.topic());
        boolean placed = session.ask(connection -> {
            String sql = "select placed, epoch, seq from events.place_lanes(?, ?, array[?], array[0], array[?],"
                    + " array[?], array[?], array[0], array[''::bytea], array[?], array[1000::bigint])";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, highest.position().epoch());
                statement.setLong(2, highest.position().seq());
                statement.setString(3, lane.topic());
                statement.setObject(4, TOPIC);
                statement.setLong(5, found.isEmpty() ? -1 : found.getFirst());
                statement.setLong(6, place);
                statement.setLong(7, committed);
                ResultSet result = statement.executeQuery();
                result.next();
                highest.saw(new Position(result.getLong(2), result.getLong(3)));
                return result.getBoolean(1);
            }
        });
        if (!placed) {
            throw new IllegalStateException("the lane was moved meanwhile");
        }
        offset = place;
        return this;
    }

    /// For many small transactions, where what is tried does not depend on the disk.
    TestDecider withoutWaitingForTheDisk() {
        session.ask(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("set synchronous_commit = off");
            }
        });
        return this;
    }

    /// Decides the events as one batch.
    Optional<Decided> tryDecide(Event... events) {
        return tryDecide(Origin.CLIENT, events);
    }

    Optional<Decided> tryDecide(Origin origin, Event... events) {
        Optional<Decided> decided = sequencer.decide(batch(origin, events), List.of(move(events.length)));
        if (decided.isPresent()) {
            offset += events.length;
        }
        return decided;
    }

    /// Decides the events one after the other, in the batches that the cutter makes of them.
    List<Decided> decideAll(BatchCutter cutter, Origin origin, List<Event> events) {
        List<Decided> decided = new ArrayList<>();
        var candidates = candidates(origin, events.toArray(Event[]::new));
        cutter.cut(candidates.iterator()).forEachRemaining(batch -> {
            decided.add(sequencer.decide(batch, List.of(move(batch.size()))).orElseThrow());
            offset += batch.size();
        });
        return decided;
    }

    /// For whoever executes the statement, once, by other means.
    void set(PreparedStatement statement, Event... events) throws SQLException {
        Batch batch = batch(Origin.CLIENT, events);
        new DecisionArguments(statement).set(highest.position(), List.of(move(events.length)), batch);
        offset += events.length;
    }

    private Batch batch(Origin origin, Event... events) {
        return new Batch(candidates(origin, events));
    }

    private List<Candidate> candidates(Origin origin, Event... events) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            candidates.add(preparation.prepare(consumed(RECORDS.toIndex(events[i], "gateway", origin), offset + i)));
        }
        return candidates;
    }

    private LaneMove move(int records) {
        return new LaneMove(lane, TOPIC, offset, offset + records, 0, Bytes32.of(new byte[32]));
    }

    private ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record, long at) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                at,
                0,
                TimestampType.CREATE_TIME,
                0,
                record.value().length,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                Optional.of(0));
    }

    public Decided decide(Event... events) {
        return tryDecide(events).orElseThrow();
    }

    /// Asks on the connection that decides.
    public long number(String sql) {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                ResultSet result = statement.executeQuery();
                result.next();
                return result.getLong(1);
            }
        });
    }

    /// As the server has it for this indexer.
    String setting(String name) {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select current_setting(?)")) {
                statement.setString(1, name);
                ResultSet result = statement.executeQuery();
                result.next();
                return result.getString(1);
            }
        });
    }

    /// Decides each event in a batch of its own.
    List<Decision> decisions(Event... events) {
        return Arrays.stream(events)
                .map(event -> decide(event).events().getFirst().decision())
                .toList();
    }

    @Override
    public void close() {
        session.close();
    }
}
