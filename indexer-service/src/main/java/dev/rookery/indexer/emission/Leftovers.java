package dev.rookery.indexer.emission;

import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.order.Effects;
import dev.rookery.order.Position;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds rows of the outbox that nobody has emitted for half a second, because their indexer is gone or the broker
/// was, and emits them. This is what makes emission certain. Twice does no harm: readers know a position that they
/// have seen.
///
/// A row is claimed by one indexer at a time, for as long as it is old already, so that an outage of Kafka is not
/// answered with ever more attempts. What this indexer has in hand itself is left alone: a broker that is slow is not
/// sent it twice.
final class Leftovers {

    private static final String CLAIM = """
            with claimed as (
                update events.outbox set claimed_until = clock_timestamp()
                    + least(greatest(clock_timestamp() - created, interval '500 ms'), interval '30 s')
                where batch in (
                    select batch from events.outbox
                    where acknowledged is null and claimed_until < clock_timestamp() and batch <> all (?)
                    order by claimed_until limit 1 for update skip locked)
                returning *
            )
            select c.batch, c.epoch, c.first_seq + a.ord - 1, a.kind, a.origin, a.effects, e.json
            from claimed c
            cross join lateral unnest(c.accepted_kinds, c.origins, c.effects, c.accepted_created_at, c.accepted_ids)
                with ordinality as a (kind, origin, effects, created_at, id, ord)
            left join lateral (
                select json from events.event
                where created_at >= a.created_at and created_at <= a.created_at and id = a.id
                order by created_at desc, id limit 1) e on true
            order by a.ord
            """;

    private static final int AT_ONCE = 20;

    private final PostgresSession session;
    private final EmissionPublisher publisher;
    private final Counter found;

    /// @param session the housekeeping thread's
    Leftovers(PostgresSession session, EmissionPublisher publisher, MeterRegistry meters) {
        this.session = session;
        this.publisher = publisher;
        found = meters.counter("rookery.indexer.outbox.leftovers");
    }

    /// One row after the other, as far as there is room for them: a row may hold as much as a batch.
    void emit() {
        for (int rows = 0; rows < AT_ONCE && publisher.hasRoom(); rows++) {
            Optional<Emission> claimed = claim();
            if (claimed.isEmpty()) {
                return;
            }
            found.increment();
            publisher.emit(claimed.get());
        }
    }

    private Optional<Emission> claim() {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
                new Arguments(statement)
                        .longs(publisher.inHand().stream()
                                .mapToLong(Long::longValue)
                                .toArray());
                try (ResultSet result = statement.executeQuery()) {
                    return emission(result);
                }
            }
        });
    }

    private static Optional<Emission> emission(ResultSet result) throws SQLException {
        List<BroadcastRecord> records = new ArrayList<>();
        long row = 0;
        while (result.next()) {
            row = result.getLong(1);
            records.add(record(result));
        }
        return records.isEmpty() ? Optional.empty() : Optional.of(new Emission(row, records));
    }

    private static BroadcastRecord record(ResultSet row) throws SQLException {
        byte[] effects = row.getBytes(6);
        return new BroadcastRecord(
                new Position(row.getLong(2), row.getLong(3)),
                Origin.ofFlags(row.getInt(5)),
                effects == null ? List.of() : Effects.decode(effects),
                row.getInt(4),
                row.getBytes(7));
    }
}
