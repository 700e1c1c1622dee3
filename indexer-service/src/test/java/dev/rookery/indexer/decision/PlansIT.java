package dev.rookery.indexer.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The plans of `events.decide` and of what is asked as often, as a session makes them while the tables are empty and
/// keeps them.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PlansIT {

    /// Tables of one row, of one for each lane or for each who is just vanishing are read by whatever means.
    private static final Pattern WHOLE_TABLE = Pattern.compile(
            "Seq Scan on (?!sequencer|progress|search_progress|vanishing)\\w+|Bitmap|Hash Join|Merge Join|hashed SubPlan");

    /// Any index will do for an empty partition, but only one leads to a row by its time and id.
    private static final Pattern OTHER_INDEX = Pattern.compile("using event_\\w+_(pubkey|kind|recipient|expires)\\w+");

    /// Read from one end to the other. Tags that were left behind are taken from one end.
    private static final Pattern WHOLE_INDEX = Pattern.compile(
            "Scan (Backward )?using \\w+ on (?!sequencer|progress|search_progress|stray_tag)[^\n]+\n(?!\\s+Index Cond)");

    private final TestAuthor alice = new TestAuthor(1);
    private TestDecider decider;

    @BeforeEach
    void explainPlans(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        store.run("truncate events.event, events.tag, events.identity, events.head, events.tombstone,"
                + " events.vanish_floor, events.vanishing, events.stray_tag");
        store.run("select events.extend(t, 1767225599) from unnest(array['event', 'tag']) t");
        // Known to be empty: without a pin, nothing is cheaper than to read all of nothing.
        store.run("vacuum analyze");
        decider = new TestDecider(database, "plans").placeAt(0, -1);
        decider.session.ask(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("load 'auto_explain'; set auto_explain.log_min_duration = 0;"
                        + " set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice");
            }
        });
    }

    @AfterEach
    void close() {
        decider.close();
    }

    @Test
    void looksUpEachRowByItsKey() {
        Event profile = alice.event(0, TestAuthor.NOW, "old", Tag.of("t", "x"));
        Event wrap =
                alice.event(1059, TestAuthor.NOW, "", Tag.of("p", alice.key().toString()));
        Event note = alice.note("a");
        looksUpEachRowByItsKey(profile, wrap, note);
    }

    /// A plan for a table of one row is kept while there are many.
    @Test
    void looksUpEachRowByItsKeyWhereThereIsOne(TestPostgres database) {
        decider.decide(alice.note("the only one"));
        new Store(database).run("vacuum analyze");
        looksUpEachRowByItsKey(
                alice.event(0, TestAuthor.NOW, "old", Tag.of("t", "x")),
                alice.event(1059, TestAuthor.NOW, "", Tag.of("p", alice.key().toString())),
                alice.note("a"));
    }

    private void looksUpEachRowByItsKey(Event profile, Event wrap, Event note) {
        String plans = plans(profile, wrap, note)
                + plans(alice.event(0, TestAuthor.NOW + 1, "new"))
                + plans(alice.event(
                        5, TestAuthor.NOW + 2, "", Tag.of("e", note.id().toString())));

        assertThat(plans)
                .doesNotContainPattern(WHOLE_TABLE)
                .doesNotContainPattern(WHOLE_INDEX)
                .doesNotContainPattern(OTHER_INDEX);
        assertThat(plans)
                .contains("using identity_pkey on identity")
                .contains("using tombstone_pkey on tombstone")
                .contains("using vanish_floor_pkey on vanish_floor")
                .contains("using address_tombstone_pkey on address_tombstone")
                .contains("using head_pkey on head")
                .contains("using event_2025_created_at_id_idx on event_2025")
                .contains("Tid Scan on event_2025")
                .contains("using tag_2025_hash_created_at_id_kind_idx on tag_2025");
    }

    /// Asked by another session in the service; it is the tables that matter.
    @Test
    void looksUpWhatIsToBeSearchedByItsKey() {
        String plans = plans("select events.next_texts('{0,1}', 1000, 1000000)");

        assertThat(plans)
                .doesNotContainPattern(WHOLE_TABLE)
                .doesNotContainPattern(WHOLE_INDEX)
                .doesNotContainPattern(OTHER_INDEX);
        assertThat(plans)
                .contains("using identity_by_seq on identity")
                .contains("using event_2025_created_at_id_idx on event_2025");
    }

    /// Each second, however much is stored that will expire.
    @Test
    void looksForWhatHasExpiredAtTheEndOfItsIndex() {
        String plans = plans("select events.sweep_expired(500)");

        assertThat(plans).doesNotContainPattern(WHOLE_TABLE).doesNotContainPattern(WHOLE_INDEX);
        assertThat(plans).contains("using event_2025_expires_at_idx on event_2025");
    }

    @Test
    void looksForWhatHasVanishedByItsAuthorAndItsRecipient() {
        TestAuthor bob = new TestAuthor(2);
        Tag toBob = Tag.of("p", bob.key().toString());
        decider.decide(
                bob.event(1, TestAuthor.NOW, "", Tag.of("t", "x")), alice.event(1059, TestAuthor.NOW, "", toBob));
        decider.decide(bob.event(62, TestAuthor.NOW, "", Tag.of("relay", "ALL_RELAYS")));
        String plans = plans("select events.sweep_vanished(500)");

        assertThat(plans)
                .doesNotContainPattern(WHOLE_TABLE)
                .doesNotContainPattern(WHOLE_INDEX)
                .doesNotContain("Filter: (recipient");
        assertThat(plans)
                .contains("using event_2025_pubkey_created_at_id_idx on event_2025")
                .contains("using event_2025_recipient_created_at_idx on event_2025")
                .contains("using identity_pkey on identity")
                .contains("Tid Scan on event_2025")
                .contains("using tag_2025_hash_created_at_id_kind_idx on tag_2025");
    }

    @Test
    void looksUpEachTagThatWasLeftBehindByItsKey(TestPostgres database) {
        new Store(database)
                .run("insert into events.stray_tag select g, sha256(int8send(g)), array[g, g + 1]"
                        + " from generate_series(1735689600::bigint, 1735689700) g");
        String plans = plans("select events.sweep_tags(20)");

        assertThat(plans).doesNotContainPattern(WHOLE_TABLE).doesNotContainPattern(WHOLE_INDEX);
        assertThat(plans)
                .contains("using stray_tag_pkey on stray_tag")
                .contains("using tag_2025_hash_created_at_id_kind_idx on tag_2025");
    }

    /// Each minute, a few thousand of however many there are.
    @Test
    void looksThroughWordsFromOneNumberToAnother() {
        String plans = plans("select events.sweep_words(5000)");

        assertThat(plans).doesNotContainPattern(WHOLE_TABLE).doesNotContainPattern(WHOLE_INDEX);
        assertThat(plans).contains("using search_pkey on search", "using identity_by_seq on identity");
    }

    private String plans(Event... events) {
        return decider.session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(Sequencer.DECIDE)) {
                decider.set(statement, events);
                statement.execute();
                return text(statement.getWarnings());
            }
        });
    }

    private String plans(String question) {
        return decider.session.ask(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(question);
                return text(statement.getWarnings());
            }
        });
    }

    private static String text(SQLWarning first) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            text.append(warning.getMessage()).append('\n');
        }
        return text.toString();
    }
}
