package dev.rookery.indexer.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is taken out of the store bit by bit.
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class SweepIT {

    private static final long NOW = TestAuthor.NOW;

    private final TestAuthor alice = new TestAuthor(1);
    private final TestAuthor bob = new TestAuthor(2);
    private TestDecider decider;

    @BeforeEach
    void place(TestPostgres database) {
        Store store = new Store(database);
        store.migrate();
        store.run("truncate events.event, events.tag, events.identity, events.head, events.progress, events.outbox,"
                + " events.vanish_floor, events.vanishing, events.tombstone");
        decider = new TestDecider(database, "sweep").placeAt(0, -1);
    }

    @AfterEach
    void close() {
        decider.close();
    }

    /// NIP-62: everything of the author goes, with its index entries, and the gift wraps sent to the author.
    @Test
    void takesOutWhatLiesUnderAFloorAFewAtATime() {
        Event[] notes = IntStream.range(0, 25)
                .mapToObj(i -> alice.event(1, NOW - i, "note " + i, Tag.of("t", "x"), Tag.of("e", "y")))
                .toArray(Event[]::new);
        decider.decide(notes);
        Tag toAlice = Tag.of("p", alice.key().toString());
        Event later = alice.event(1, NOW + 1, "later");
        Event wrapAfter = bob.event(1059, NOW + 1, "", toAlice);
        decider.decide(later, wrapAfter, bob.event(1059, NOW, "", toAlice), bob.event(1, NOW, "mentions", toAlice));
        Event request = alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS"));

        assertThat(decider.decide(request).events().getFirst().effects())
                .containsExactly(new Effect.Vanished(alice.key(), NOW));
        assertThat(count("event")).as("none is taken out in the turn").isEqualTo(30);
        assertThat(decider.decisions(notes[3])).containsExactly(Decision.VANISHED);
        assertThat(sweep(10)).as("ten of the author's, and one wrap").isEqualTo(11);
        assertThat(sweep(10)).isEqualTo(10);
        assertThat(sweep(10)).isEqualTo(5);
        assertThat(sweep(10)).isZero();
        assertThat(sweep(10)).isEqualTo(-1);
        assertThat(count("event"))
                .as("later, the later wrap, the mention, the request")
                .isEqualTo(4);
        assertThat(count("identity")).isEqualTo(4);
        assertThat(count("tag")).isEqualTo(2);
        assertThat(decider.decisions(notes[3], later, request))
                .containsExactly(Decision.VANISHED, Decision.DUPLICATE, Decision.DUPLICATE);
    }

    /// It neither waits for who decides, nor takes for done what it has passed over.
    @Test
    void passesOverWhatIsLockedAndComesBackForIt(TestPostgres database) throws SQLException {
        Event held = alice.note("held");
        decider.decide(held, alice.note("free"));
        decider.decide(alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS")));
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from events.identity where id = '\\x%s' for update".formatted(held.id()));
            assertThat(sweep(10)).isOne();
            assertThat(sweep(10)).isZero();
            assertThat(count("vanishing")).isOne();
            other.rollback();
        }
        assertThat(sweep(10)).isOne();
        assertThat(sweep(10)).isZero();
        assertThat(count("vanishing")).isZero();
    }

    /// A second request, with a later time, while the first is being worked off.
    @Test
    void goesOnToALaterFloor() {
        decider.decide(alice.event(1, NOW, "first"), alice.event(1, NOW + 1, "second"));
        decider.decide(alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS")));
        decider.decide(alice.event(62, NOW + 1, "", Tag.of("relay", "ALL_RELAYS")));
        assertThat(sweep(10)).as("two notes and the first request").isEqualTo(3);
        assertThat(sweep(10)).isZero();
        assertThat(count("event")).isOne();
    }

    /// NIP-40. The version before an expired one does not come back.
    @Test
    void takesOutWhatHasExpired() {
        Event lasting = alice.event(1, NOW, "", Tag.of("expiration", "99999999999"));
        Event profile = alice.event(0, NOW, "old");
        Event newer = alice.event(0, NOW + 1, "new", Tag.of("expiration", "99999999998"));
        decider.decide(lasting, profile);
        decider.decide(newer);
        assertThat(expire(10)).isZero();
        decider.store.run("update events.event set expires_at = 1 where expires_at = 99999999998");
        assertThat(expire(10)).isOne();
        assertThat(count("event")).isOne();
        assertThat(count("identity")).isOne();
        assertThat(decider.decisions(profile)).containsExactly(Decision.SUPERSEDED);
    }

    /// A request of a few bytes may take out millions of tags: its turn is not to take longer for that.
    @Test
    void takesOutTagsThatAreTooManyForATurnAFewAtATime() {
        Event[] many = IntStream.range(0, 6)
                .mapToObj(n -> alice.event(1, NOW + n, "", tags(n, 2_000)))
                .toArray(Event[]::new);
        Event[] few = IntStream.range(0, 6)
                .mapToObj(n -> alice.event(1, NOW + 10 + n, "", tags(n, 3)))
                .toArray(Event[]::new);
        decider.decide(many);
        decider.decide(few);
        assertThat(count("tag")).isEqualTo(12_018);

        decider.decide(deletionOf(few));
        assertThat(count("tag")).as("few go at once; the request has six").isEqualTo(12_006);
        assertThat(decider.decide(deletionOf(many)).events().getFirst().effects())
                .hasSize(6);
        assertThat(count("event")).as("two requests").isEqualTo(2);
        assertThat(count("tag")).as("none in the turn").isEqualTo(12_012);
        assertThat(decider.store.number("select events.sweep_tags(4)")).isEqualTo(4);
        assertThat(count("tag")).isEqualTo(4_012);
        assertThat(decider.store.number("select events.sweep_tags(4)")).isEqualTo(2);
        assertThat(decider.store.number("select events.sweep_tags(4)")).isZero();
        assertThat(count("tag")).as("of the two requests").isEqualTo(12);
        assertThat(count("stray_tag")).isZero();
    }

    private static Tag[] tags(int of, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> Tag.of("t", of + "-" + n))
                .toArray(Tag[]::new);
    }

    private Event deletionOf(Event... targets) {
        Tag[] tags = Arrays.stream(targets)
                .map(target -> Tag.of("e", target.id().toString()))
                .toArray(Tag[]::new);
        return alice.event(5, NOW + 100, "", tags);
    }

    private long sweep(int limit) {
        return decider.store.number("select events.sweep_vanished(" + limit + ")");
    }

    private long expire(int limit) {
        return decider.store.number("select events.sweep_expired(" + limit + ")");
    }

    private long count(String table) {
        return decider.store.number("select count(*) from events." + table);
    }
}
