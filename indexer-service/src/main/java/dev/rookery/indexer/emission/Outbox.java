package dev.rookery.indexer.emission;

import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The table `events.outbox`: what is decided and not yet known to be emitted.
///
/// Acknowledgements and what was added may come from any thread, and whether it is full may be asked by any; the rest
/// is the housekeeping thread's, until the end.
public final class Outbox {

    private static final String ACKNOWLEDGE =
            "update events.outbox set acknowledged = clock_timestamp() where batch = any (?) and epoch = ?";
    private static final String COUNT = "select (select count(*) from events.outbox where acknowledged is null),"
            + " epoch, seq from events.committed()";
    private static final String COUNT_ALL = "select count(*) from events.outbox";
    private static final String SWEEP = """
            delete from events.outbox where batch in (
                select batch from events.outbox
                where acknowledged < clock_timestamp() - ? * interval '1 ms'
                order by batch limit 1000 for update skip locked)
            """;

    private final PostgresSession session;
    private final EmissionProperties properties;
    private final AtomicLong rows;
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong sinceCounted = new AtomicLong();
    private volatile long unacknowledged;

    /// @param epoch a database that has gone back gives the numbers of its rows once more
    private record Acknowledged(long epoch, long row) {}

    /// @param session the housekeeping thread's
    Outbox(PostgresSession session, EmissionProperties properties, MeterRegistry meters) {
        this.session = session;
        this.properties = properties;
        meters.gauge("rookery.indexer.outbox.unacknowledged", this, outbox -> outbox.unacknowledged);
        rows = meters.gauge("rookery.indexer.outbox.rows", new AtomicLong());
    }

    /// Whether so much is not yet emitted that nothing more should be decided: what all indexers left as of the last
    /// count, and what this one has added since, or had acknowledged.
    public boolean isFull() {
        return unacknowledged() > properties.maxUnacknowledged();
    }

    /// Whether half of that is left, so that what is not urgent leaves room for what is.
    public boolean isHalfFull() {
        return unacknowledged() > properties.maxUnacknowledged() / 2;
    }

    private long unacknowledged() {
        return unacknowledged + sinceCounted.get();
    }

    /// A transaction has left a row that is to be emitted.
    void added() {
        sinceCounted.incrementAndGet();
    }

    /// The broker has all that the row is to emit. Written down with others a little later.
    void acknowledge(long epoch, long row) {
        acknowledged.add(new Acknowledged(epoch, row));
        sinceCounted.decrementAndGet();
    }

    /// An acknowledgement that is lost here has its row emitted once more.
    void writeAcknowledgements() {
        Map<Long, List<Long>> byEpoch = new HashMap<>();
        for (Acknowledged next = acknowledged.poll(); next != null; next = acknowledged.poll()) {
            byEpoch.computeIfAbsent(next.epoch(), epoch -> new ArrayList<>()).add(next.row());
        }
        byEpoch.forEach(this::writeAcknowledgements);
    }

    private void writeAcknowledgements(long epoch, List<Long> rows) {
        session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ACKNOWLEDGE)) {
                new Arguments(statement)
                        .longs(rows.stream().mapToLong(Long::longValue).toArray())
                        .number(epoch);
                return statement.executeUpdate();
            }
        });
    }

    /// Counts what is not acknowledged.
    ///
    /// @return where the database stands, which is learnt on the way
    Position count() {
        long counted = sinceCounted.get();
        Position standing = session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COUNT);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                unacknowledged = result.getLong(1);
                return new Position(result.getLong(2), result.getLong(3));
            }
        });
        sinceCounted.addAndGet(-counted);
        return standing;
    }

    /// All rows, also those that are only kept for gateways that ask.
    void countAll() {
        rows.set(session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COUNT_ALL);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }));
    }

    /// Deletes what has been acknowledged for long enough, in small steps that wait for nobody.
    void sweep() {
        int deleted;
        do {
            deleted = session.ask(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
                    new Arguments(statement).number(properties.keep().toMillis());
                    return statement.executeUpdate();
                }
            });
        } while (deleted == 1000);
    }
}
