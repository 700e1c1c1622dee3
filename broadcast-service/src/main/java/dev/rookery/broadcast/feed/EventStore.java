package dev.rookery.broadcast.feed;

import dev.rookery.order.OrderedFeed.Missing;
import dev.rookery.order.OrderedFeed.Placed;
import dev.rookery.order.Position;
import dev.rookery.topics.Origin;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

/// What the primary database knows of the one order. Answers arrive on the driver's threads.
public final class EventStore {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private static final String COMMITTED = "select epoch, seq as committed from events.committed()";

    /// The range and how far the database has got, in this order of reading, so that the range is at least as new: the
    /// first $3 of it, as far as $4 bytes reach, but always one. `found` is how many there were before that.
    private static final String RANGE = """
            select c.epoch, c.seq as committed, p.seq, p.origin, p."json", p.found
            from (select epoch, seq from events.committed() offset 0) c
            left join lateral (
                select q.*
                from (
                    select r.seq, r.origin, r."json", count(*) over () as found,
                        coalesce(sum(octet_length(r."json")) over (order by r.seq), 0) as total
                    from events.range($1, $2, $3) r
                ) q
                where q.total <= $4 or q.total = octet_length(q."json")
            ) p on true
            order by p.seq
            """;

    private final DatabaseClient database;

    /// @param database the primary: a replica may be behind what the log tells
    public EventStore(DatabaseClient database) {
        this.database = database;
    }

    /// The events of a range.
    ///
    /// @param committed how far the database has got
    /// @param upTo how far the rows reach: the end of the range, or less when it holds more than was asked for
    record Answer(Position committed, long upTo, List<Placed<Live>> rows) {

        /// Whether the answer is about the epoch of the range and read at or after its end.
        boolean stands(Missing range) {
            return committed.epoch() == range.epoch() && committed.seq() >= range.upTo();
        }
    }

    CompletableFuture<Position> committed() {
        return database.sql(COMMITTED)
                .map(EventStore::position)
                .one()
                .timeout(BOUND)
                .toFuture();
    }

    /// @param limit how many events are read at most
    /// @param bytes how much those may take, unless the first alone takes more
    CompletableFuture<Answer> range(Missing range, int limit, long bytes) {
        return database.sql(RANGE)
                .bind(0, range.after())
                .bind(1, range.upTo())
                .bind(2, limit)
                .bind(3, bytes)
                .map(Row::of)
                .all()
                .collectList()
                .map(rows -> answer(range, limit, rows))
                .timeout(BOUND)
                .toFuture();
    }

    private static Answer answer(Missing range, int limit, List<Row> rows) {
        List<Placed<Live>> placed =
                rows.stream().map(Row::placed).filter(Objects::nonNull).toList();
        boolean isAll =
                placed.size() < limit && placed.size() == rows.getFirst().found();
        long upTo = isAll ? range.upTo() : placed.getLast().seq();
        return new Answer(rows.getFirst().committed(), upTo, placed);
    }

    private static Position position(Readable row) {
        return new Position(number(row, "epoch"), number(row, "committed"));
    }

    private static long number(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, Long.class), column);
    }

    /// @param placed null in the one row that a range without events has
    /// @param found how many events there were, of which all the rows may be only the first
    private record Row(Position committed, @Nullable Placed<Live> placed, long found) {

        static Row of(Readable row) {
            Long seq = row.get("seq", Long.class);
            if (seq == null) {
                return new Row(position(row), null, 0);
            }
            Short flags = Objects.requireNonNull(row.get("origin", Short.class), "origin");
            Live live = Live.of(Origin.ofFlags(flags).deliver(), row.get("json", byte[].class));
            return new Row(position(row), new Placed<>(seq, live), number(row, "found"));
        }
    }
}
