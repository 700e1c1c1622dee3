package dev.rookery.indexer.schema;

import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.indexer.postgres.Postgres;
import org.flywaydb.core.Flyway;
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
        }
    }
}
