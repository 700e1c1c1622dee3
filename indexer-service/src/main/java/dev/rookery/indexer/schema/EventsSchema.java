package dev.rookery.indexer.schema;

import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.Postgres;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.exception.FlywaySqlException;

/// Brings the schema `events` up to this release.
public final class EventsSchema {

    private final Postgres postgres;

    public EventsSchema(Postgres postgres) {
        this.postgres = postgres;
    }

    /// @throws StoreUnavailableException when the database cannot be reached
    public void migrate() {
        try {
            Flyway.configure()
                    .dataSource(postgres.unbounded())
                    .schemas("events")
                    .createSchemas(true)
                    .locations("classpath:db/events")
                    .load()
                    .migrate();
        } catch (FlywaySqlException unreachable) {
            throw new StoreUnavailableException("PostgreSQL", unreachable);
        } catch (FlywayException failure) {
            if (isLost(failure)) {
                throw new StoreUnavailableException("PostgreSQL", failure);
            }
            throw failure;
        }
    }

    /// Whether the server went away under way: SQLSTATE classes 08, connection, and 57, operator intervention.
    private static boolean isLost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57"))) {
                return true;
            }
        }
        return false;
    }
}
