package dev.rookery.broadcast;

import dev.rookery.event.Event;
import dev.rookery.order.Position;
import dev.rookery.testservers.Migrations;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/// What the indexer would have left in the database, as far as readers of everything see it.
final class TestLedger {

    private final Connection connection;

    TestLedger(TestPostgres postgres) throws SQLException {
        connection = postgres.connect();
    }

    void close() throws SQLException {
        connection.close();
    }

    /// The schema as indexer-service makes it.
    void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create schema events");
            for (String migration : Migrations.all()) {
                statement.execute(migration);
            }
        }
        commit(new Position(1, 0));
    }

    void store(Position at, Event event, Origin origin) {
        execute(
                """
                insert into events.event (created_at, id, seq, kind, pubkey, origin, tag_hashes, json)
                values (?, ?, ?, ?, ?, ?, '{}', ?)
                """,
                event.createdAt(),
                event.id().toBytes(),
                at.seq(),
                event.kind(),
                event.pubkey().toBytes(),
                (short) origin.flags(),
                event.json());
        execute(
                "insert into events.identity (id, created_at, seq) values (?, ?, ?)",
                event.id().toBytes(),
                event.createdAt(),
                at.seq());
    }

    void forget(Position at) {
        execute("delete from events.event where seq = ?", at.seq());
        execute("delete from events.identity where seq = ?", at.seq());
    }

    void commit(Position at) {
        execute("update events.sequencer set epoch = ?, seq = ?", at.epoch(), at.seq());
    }

    void goBack(Position to) {
        execute("delete from events.event where seq > ?", to.seq());
        execute("delete from events.identity where seq > ?", to.seq());
        commit(to);
    }

    /// Makes the database answer nobody but this test, until `admit`.
    void shutOut() {
        execute("alter schema events rename to away");
    }

    void admit() {
        execute("alter schema away rename to events");
    }

    private void execute(String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }
}
