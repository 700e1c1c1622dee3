package dev.rookery.indexer.schema;

import dev.rookery.indexer.postgres.Arguments;
import dev.rookery.indexer.postgres.PostgresSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the partition of a year is there a month before its first event.
public final class YearPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(YearPartitions.class);
    private static final Duration AHEAD = Duration.ofDays(31);

    /// The setting is this transaction's alone, for others ask on the same connection.
    private static final String EXTEND = "select events.extend(?, ?) from set_config('lock_timeout', '1s', true)";

    private final PostgresSession session;
    private final Clock clock;

    /// @param session the housekeeping thread's
    public YearPartitions(PostgresSession session, Clock clock) {
        this.session = session;
        this.clock = clock;
    }

    /// Waits at most a second for the tables' locks, and leaves it to the next time if they are not to be had.
    public void extend() {
        long until = clock.instant().plus(AHEAD).getEpochSecond();
        for (String table : List.of("event", "tag")) {
            if (!extend(table, until)) {
                LOG.error("events.{}_last holds too many events already to be cut into years", table);
            }
        }
    }

    private boolean extend(String table, long until) {
        return session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(EXTEND)) {
                new Arguments(statement).text(table).number(until);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getBoolean(1);
                }
            }
        });
    }
}
