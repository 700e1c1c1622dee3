package dev.rookery.query.stored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.query.EventsSchema;
import dev.rookery.query.MillionEvents;
import dev.rookery.query.stored.Statements.Form;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The plans of all statements with connections as shipped, read back: on empty tables, where every index costs the
/// same, and on a million rows in more than eight partitions, before and after the database knows their number.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class PlansIT {

    /// Which index each statement reads the large tables by.
    private static final Map<String, String> INDEXES = Map.ofEntries(
            Map.entry(Form.BY_TIME.keys, "event_by_time"),
            Map.entry(Form.BY_TIME.rows, "event_by_time"),
            Map.entry(Form.BY_KIND.keys, "event_by_kind"),
            Map.entry(Form.BY_KIND.rows, "event_by_kind"),
            Map.entry(Form.BY_AUTHOR.keys, "event_by_author"),
            Map.entry(Form.BY_AUTHOR.rows, "event_by_author"),
            Map.entry(Form.BY_AUTHOR_AND_KIND.keys, "event_by_author_and_kind"),
            Map.entry(Form.BY_AUTHOR_AND_KIND.rows, "event_by_author_and_kind"),
            Map.entry(Form.BY_TAG.keys, "tag_by_hash"),
            Map.entry(Form.BY_TAG.rows, "tag_by_hash|event_by_time"),
            Map.entry(Statements.ROWS_BY_ID, "identity_pkey|event_by_time"),
            Map.entry(Statements.BY_ID, "identity_pkey"),
            Map.entry(Statements.VERIFY, "event_by_time"),
            Map.entry(Statements.ROWS, "event_by_time"),
            Map.entry(ShownCalls.SHOWN, "event_by_time"),
            Map.entry(Statements.WEIGH_TAGS, "tag_by_hash"),
            Map.entry(Statements.WEIGH_AUTHORS, "event_by_author"));

    private static final Pattern SCAN = Pattern.compile(
            "(\\w[\\w ]* Scan)(?: Backward)?(?: using (\\w+))? on (?:events\\.)?((?:event|tag|identity)\\w*)");

    private static final Pattern FORBIDDEN =
            Pattern.compile("Sort|Merge Append|Bitmap|Materialize|Hash Join|Merge Join|Gather|Incremental");

    @Test
    void readsEveryFilterFormByItsIndexWhateverTheTablesHold(TestPostgres postgres) throws SQLException {
        EventsSchema empty = EventsSchema.in(postgres);
        readsByIndex(empty, "empty");
        empty.execute("analyze");
        readsByIndex(empty, "empty and analysed");
        empty.execute("drop schema events cascade");

        EventsSchema full = EventsSchema.in(postgres, MillionEvents::into);
        // Partitions that are made when the indexes are there, and stay empty.
        full.execute("select events.extend('event', 1900000000), events.extend('tag', 1900000000)");
        readsByIndex(full, "full");
        full.execute("analyze");
        readsByIndex(full, "full and analysed");
    }

    private static void readsByIndex(EventsSchema schema, String state) throws SQLException {
        // Only so can a statement have parameters without values.
        String url = schema.postgres().jdbcUrlWithCredentials() + "&preferQueryMode=simple";
        try (Connection connection = DriverManager.getConnection(url)) {
            for (Map.Entry<String, String> setting : ViewConnections.PLANS.entrySet()) {
                ask(connection, "set " + setting.getKey() + " = " + setting.getValue());
            }
            Map<String, String> parents = parents(connection);
            assertThat(parents).hasSizeGreaterThan(8);
            for (Map.Entry<String, String> statement : INDEXES.entrySet()) {
                String plan =
                        String.join("\n", ask(connection, "explain (generic_plan, costs off) " + statement.getKey()));
                assertThat(plan).as(state).doesNotContainPattern(FORBIDDEN);
                assertThat(scans(plan, parents))
                        .as("%s:\n%s", state, plan)
                        .isNotEmpty()
                        .allMatch(scan -> scan.matches("Index.* (" + statement.getValue() + ")"));
            }
        }
    }

    /// Each scan of a large table, and by which of the schema's indexes.
    private static List<String> scans(String plan, Map<String, String> parents) {
        return SCAN.matcher(plan)
                .results()
                .map(scan -> scan.group(1) + " " + parents.getOrDefault(scan.group(2), String.valueOf(scan.group(2))))
                .toList();
    }

    /// From the index of a partition to the schema's index that it belongs to.
    private static Map<String, String> parents(Connection connection) throws SQLException {
        return ask(connection, """
                        select c.relname || ' ' || p.relname from pg_inherits i
                        join pg_class c on c.oid = i.inhrelid and c.relkind = 'i' join pg_class p on p.oid = i.inhparent
                        """).stream()
                .map(pair -> pair.split(" "))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static List<String> ask(Connection connection, String sql) throws SQLException {
        List<String> answer = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    answer.add(rows.getString(1));
                }
            }
        }
        return answer;
    }
}
