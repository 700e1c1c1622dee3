package dev.rookery.query;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.testservers.Migrations;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.words.EventWords;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The schema `events` as indexer-service makes it, in a test's own database, and events put into it without the
/// indexer.
public final class EventsSchema {

    private static final Pattern INDEX =
            Pattern.compile("^create (unique )?index \\w+ on events\\.(event|tag|identity) [^;]*;", Pattern.MULTILINE);

    private final TestPostgres postgres;

    private EventsSchema(TestPostgres postgres) {
        this.postgres = postgres;
    }

    public static EventsSchema in(TestPostgres postgres) {
        EventsSchema schema = new EventsSchema(postgres);
        schema.execute("create schema events");
        Migrations.all().forEach(schema::execute);
        schema.begin();
        return schema;
    }

    /// The same, with many rows put in before the indexes are made, as that takes a fraction of the time.
    public static EventsSchema in(TestPostgres postgres, Consumer<EventsSchema> rows) {
        EventsSchema schema = new EventsSchema(postgres);
        schema.execute("create schema events");
        List<String> indexes = new ArrayList<>();
        for (String migration : Migrations.all()) {
            Matcher index = INDEX.matcher(migration);
            index.results().map(MatchResult::group).forEach(indexes::add);
            schema.execute(index.replaceAll(""));
        }
        schema.begin();
        rows.accept(schema);
        schema.execute("set maintenance_work_mem = '256MB';" + String.join("\n", indexes));
        return schema;
    }

    public TestPostgres postgres() {
        return postgres;
    }

    public void execute(String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public void clear() {
        execute("truncate events.event, events.tag, events.identity, events.outbox, events.progress, events.vanishing,"
                + " events.search");
        execute("update events.search_progress set seq = 0");
        begin();
    }

    /// With one lane that has caught up with whatever epoch.
    private void begin() {
        execute("update events.sequencer set epoch = 1, seq = 0");
        execute("select events.declare_lanes('{lane}', '{1}')");
        execute("insert into events.progress values ('lane', 0, gen_random_uuid(), 0, 0, '', 1000, 0)");
    }

    public void storeJson(List<String> events) {
        store(events.stream().map(EventsSchema::event).toList());
    }

    /// Stores them in this order, each with the next number.
    public void store(List<Event> events) {
        try (Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            long seq = seq(connection);
            for (Event event : events) {
                insert(connection, event, ++seq);
            }
            try (PreparedStatement update = connection.prepareStatement("update events.sequencer set seq = ?")) {
                update.setLong(1, seq);
                update.execute();
            }
            connection.commit();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Writes the words of all that is stored to their index, as the indexer does some time after.
    public void writeWords() {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                PreparedStatement add = connection.prepareStatement("select events.add_words(?, ?, ?, ?)");
                var row = statement.executeQuery("select p.seq, s.seq, coalesce(array_agg(e.json order by e.seq)"
                        + " filter (where e.seq is not null), '{}'), coalesce(array_agg(e.seq order by e.seq)"
                        + " filter (where e.seq is not null), '{}') from events.search_progress p"
                        + " cross join events.sequencer s left join events.event e on e.seq > p.seq group by 1, 2")) {
            row.next();
            add.setLong(1, row.getLong(1));
            add.setLong(2, row.getLong(2));
            add.setArray(3, row.getArray(4));
            add.setArray(
                    4,
                    connection.createArrayOf(
                            "text",
                            Arrays.stream((byte[][]) row.getArray(3).getArray())
                                    .map(json -> EventWords.of(event(new String(json, StandardCharsets.UTF_8)))
                                            .vector())
                                    .toArray()));
            add.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Takes them out again, as deletions do.
    public void remove(List<Event> events) {
        try (Connection connection = postgres.connect()) {
            for (Event event : events) {
                for (String table : List.of("event", "identity", "tag")) {
                    try (PreparedStatement delete =
                            connection.prepareStatement("delete from events." + table + " where id = ?")) {
                        delete.setBytes(1, event.id().toBytes());
                        delete.execute();
                    }
                }
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static Event event(String json) {
        try {
            return EventReader.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessageException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static long seq(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("select seq from events.sequencer for update")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void insert(Connection connection, Event event, long seq) throws SQLException {
        Array hashes = connection.createArrayOf(
                "bigint", Arrays.stream(TagHash.all(event)).boxed().toArray());
        try (PreparedStatement insert =
                connection.prepareStatement("insert into events.event (created_at, id, seq, kind, pubkey, origin,"
                        + " expires_at, tag_hashes, json, recipient) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, event.createdAt());
            insert.setBytes(2, event.id().toBytes());
            insert.setLong(3, seq);
            insert.setInt(4, event.kind());
            insert.setBytes(5, event.pubkey().toBytes());
            insert.setInt(6, event.tags().contains(Tag.of("test", "undelivered")) ? 1 : 0);
            if (event.expiration().isPresent()) {
                insert.setLong(7, event.expiration().getAsLong());
            } else {
                insert.setNull(7, Types.BIGINT);
            }
            insert.setArray(8, hashes);
            insert.setBytes(9, event.json());
            insert.setBytes(10, recipient(event));
            insert.execute();
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into events.identity values (?, ?, ?)")) {
            insert.setBytes(1, event.id().toBytes());
            insert.setLong(2, event.createdAt());
            insert.setLong(3, seq);
            insert.execute();
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into events.tag select h, ?, ?, ? from unnest(?) h")) {
            insert.setLong(1, event.createdAt());
            insert.setBytes(2, event.id().toBytes());
            insert.setInt(3, event.kind());
            insert.setArray(4, hashes);
            insert.execute();
        }
    }

    private static byte @Nullable [] recipient(Event event) {
        return event.kind() == 1059
                ? event.firstValue("p")
                        .flatMap(Bytes32::parseHex)
                        .map(Bytes32::toBytes)
                        .orElse(null)
                : null;
    }
}
