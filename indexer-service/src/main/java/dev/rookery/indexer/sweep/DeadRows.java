package dev.rookery.indexer.sweep;

import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.PostgresSession;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/// The rows that deleted events left behind: invisible, and in the files of the tables until a `VACUUM` takes them out.
///
/// PostgreSQL does so by itself when a fifth of a table is dead, and may leave the entries in indexes where they are;
/// this does it for each table in which anything went since the last time, however little. Any number of indexers may:
/// the server lets one at a time work on a table, and where nothing is dead there is next to nothing to do.
///
/// Not before everyone has let go of older snapshots. If somebody never does, that is logged and counted.
final class DeadRows implements ApplicationListener<ContextClosedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(DeadRows.class);

    /// The tables that hold something of an event. Counters are lost in a crash, and so is `last_vacuum`.
    private static final String TABLES = """
            select relid::regclass::text, n_tup_del + n_tup_upd, n_dead_tup, last_vacuum is null
            from pg_stat_user_tables
            where relid in ('events.identity'::regclass, 'events.search'::regclass)
                or relid in (select inhrelid from pg_inherits
                    where inhparent in ('events.event'::regclass, 'events.tag'::regclass))
            order by 1
            """;

    /// Autovacuum may pass over indexes, so here they are asked for. The end of a file is not given back: for that, the
    /// strongest of locks would be taken, and deciding waits for nobody.
    private static final String VACUUM = "vacuum (index_cleanup on, truncate off) ";

    private static final String NEXT_TRANSACTION = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

    /// Whoever has held a snapshot or a transaction since before the one of the given number.
    private static final String HOLDER = """
            select name from (
                select format('session %s, %s', pid, application_name),
                    greatest(age(backend_xmin), age(backend_xid))
                from pg_stat_activity
                where pid <> pg_backend_pid() and backend_type is distinct from 'autovacuum worker'
                    and (coalesce(datid, 0) = 0 or datname = current_database())
                union all
                select 'prepared transaction ' || gid, age(transaction) from pg_prepared_xacts
                where database = current_database()
                union all
                select 'replication slot ' || slot_name, age(xmin) from pg_replication_slots
            ) h (name, age)
            where age > pg_snapshot_xmax(pg_current_snapshot())::text::bigint - ?
            order by age desc limit 1
            """;

    private final PostgresSession session;
    private final Counter vacuumed;
    private final AtomicLong left;
    private final AtomicLong heldBack;

    /// How much had gone from each table when its last `VACUUM` began.
    private final Map<String, Long> gone = new HashMap<>();

    private long lastRound = -1;
    private volatile boolean ended;
    private volatile @Nullable Statement atWork;

    /// @param session of the thread that does this, without a bound on transactions
    DeadRows(PostgresSession session, MeterRegistry meters) {
        this.session = session;
        vacuumed = meters.counter("rookery.indexer.vacuumed");
        left = meters.gauge("rookery.indexer.vacuum.left", new AtomicLong());
        heldBack = meters.gauge("rookery.indexer.vacuum.held.back", new AtomicLong());
    }

    /// @param gone   rows that were deleted or written anew, since the server counts
    /// @param dead   of them, those that are not known to be out of the table
    /// @param unsure whether the server does not know of an earlier `VACUUM`
    private record Table(String name, long gone, long dead, boolean unsure) {}

    void run() {
        try {
            long thisRound = number(NEXT_TRANSACTION);
            for (Table table : tables()) {
                Long before = gone.get(table.name());
                if (!ended && (before == null || before != table.gone() || table.dead() > 0 || table.unsure())) {
                    vacuum(table);
                }
            }
            tellWhatIsLeft();
            lastRound = thisRound;
        } catch (StoreUnavailableException interrupted) {
            if (!ended) {
                throw interrupted;
            }
        }
    }

    /// What was deleted meanwhile may still be in the table, so what had gone before is what counts.
    private void vacuum(Table table) {
        LOG.debug("{} is vacuumed", table);
        Optional<SQLWarning> refusal = session.ask(connection -> {
            try (Statement statement = connection.createStatement()) {
                atWork = statement;
                if (!ended) {
                    statement.execute(VACUUM + table.name());
                }
                return Optional.ofNullable(statement.getWarnings());
            } finally {
                atWork = null;
            }
        });
        if (refusal.isPresent()) {
            // To vacuum what is another's is not an error to the server.
            LOG.error(
                    "{} has not been vacuumed: {}", table.name(), refusal.get().getMessage());
            return;
        }
        vacuumed.increment();
        gone.put(table.name(), table.gone());
    }

    private void tellWhatIsLeft() {
        long dead = tables().stream().mapToLong(Table::dead).sum();
        Optional<String> holder = dead == 0 || lastRound < 0 ? Optional.empty() : holder();
        left.set(dead);
        heldBack.set(holder.isPresent() ? 1 : 0);
        if (holder.isPresent()) {
            LOG.warn(
                    "{} dead rows cannot be taken out: {} holds a snapshot from before the round before this one",
                    dead,
                    holder.get());
        }
    }

    private Optional<String> holder() {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(HOLDER)) {
                statement.setLong(1, lastRound);
                try (ResultSet result = statement.executeQuery()) {
                    return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
                }
            }
        });
    }

    private List<Table> tables() {
        return session.ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(TABLES)) {
                List<Table> tables = new ArrayList<>();
                while (result.next()) {
                    tables.add(
                            new Table(result.getString(1), result.getLong(2), result.getLong(3), result.getBoolean(4)));
                }
                return tables;
            }
        });
    }

    private long number(String question) {
        return session.ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(question)) {
                result.next();
                return result.getLong(1);
            }
        });
    }

    /// A large table takes long, and the end of the service does not wait for it.
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        ended = true;
        Statement statement = atWork;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException failure) {
                LOG.debug("a VACUUM goes on without this service", failure);
            }
        }
    }
}
