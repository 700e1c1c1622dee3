package dev.rookery.indexer.decision;

import static dev.rookery.order.Decision.ACCEPTED;
import static dev.rookery.order.Decision.DELETED;
import static dev.rookery.order.Decision.DUPLICATE;
import static dev.rookery.order.Decision.EXPIRED;
import static dev.rookery.order.Decision.SUPERSEDED;
import static dev.rookery.order.Decision.VANISHED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.Origin;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Each rule of `events.decide`, on a real database.
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class DecideIT {

    private static final long NOW = TestAuthor.NOW;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final TestAuthor alice = new TestAuthor(NUMBERS.addAndGet(2));
    private final TestAuthor bob = new TestAuthor(NUMBERS.get() + 1);
    private TestDecider decider;

    @BeforeAll
    static void migrate(TestPostgres database) {
        new Store(database).migrate();
    }

    @BeforeEach
    void place(TestPostgres database) {
        decider = new TestDecider(database, "lane-" + NUMBERS.get()).placeAt(0, -1);
    }

    @AfterEach
    void close() {
        decider.close();
    }

    @Test
    void numbersWhatIsAcceptedInTheOrderOfTheBatch() {
        long before = seq();
        Event known = alice.note("known");
        decider.decide(known);
        Event first = alice.note("first");
        Event second = bob.note("second");
        Decided decided = decider.decide(first, known, second);

        assertThat(decisions(decided)).containsExactly(ACCEPTED, DUPLICATE, ACCEPTED);
        assertThat(decided.events().get(0).position()).isEqualTo(new Position(epoch(), before + 2));
        assertThat(decided.events().get(2).position()).isEqualTo(new Position(epoch(), before + 3));
        assertThat(decided.at()).isEqualTo(new Position(epoch(), before + 3));
        assertThat(decider.highest.position()).isEqualTo(decided.at());
        assertThat(seq()).isEqualTo(before + 3);
    }

    @Test
    void storesTheEventWithAllThatItIsFoundBy() {
        Event event = alice.event(
                1,
                NOW,
                "stored",
                Tag.of("t", "nostr"),
                Tag.of("t", "nostr"),
                Tag.of("client", "x"),
                Tag.of("expiration", "9999999999"));
        decider.tryDecide(new Origin(false, true), event);

        String where = " where id = '\\x%s'".formatted(event.id());
        assertThat(decider.store.<byte[]>column("select json from events.event" + where))
                .containsExactly(event.json());
        assertThat(decider.store.<Long>column("select expires_at from events.event" + where))
                .containsExactly(9_999_999_999L);
        assertThat(decider.store.<Integer>column("select origin from events.event" + where))
                .containsExactly(1);
        assertThat(decider.store.<Long>column("select hash from events.tag" + where))
                .containsExactly(TagHash.of('t', "nostr"));
        assertThat(decider.store.<Long>column("select seq from events.identity" + where))
                .containsExactly(seq());
    }

    @Test
    void callsAnEventThatIsStoredADuplicateAndChangesNothing() {
        Event event = alice.event(0, NOW, "profile");
        assertThat(decider.decisions(event, event)).containsExactly(ACCEPTED, DUPLICATE);
        assertThat(stored(event)).isTrue();
    }

    /// NIP-01: of a replaceable event only the latest version is kept.
    @Test
    void replacesAnOlderVersionAndTellsIt() {
        Event older = alice.event(0, NOW, "old", Tag.of("t", "x"));
        Event newer = alice.event(0, NOW + 1, "new");
        decider.decide(older);
        Decided decided = decider.decide(newer);

        assertThat(decided.events().getFirst().effects())
                .containsExactly(new Effect.Removed(older.id(), older.createdAt()));
        assertThat(stored(older)).isFalse();
        assertThat(stored(newer)).isTrue();
        assertThat(decider.store.<Long>column("select hash from events.tag where id = '\\x%s'".formatted(older.id())))
                .isEmpty();
        assertThat(decider.decisions(older)).containsExactly(SUPERSEDED);
    }

    @Test
    void refusesAnOlderVersionThatArrivesLater() {
        Event older = alice.event(10_002, NOW, "old");
        Event newer = alice.event(10_002, NOW + 1, "new");
        assertThat(decider.decisions(newer, older)).containsExactly(ACCEPTED, SUPERSEDED);
        assertThat(stored(newer)).isTrue();
    }

    /// NIP-01: of two with the same time, the one with the lowest id is retained.
    @Test
    void keepsTheLowestIdOfOneTimeWhateverTheOrderOfArrival() {
        List<Event> addressed = byId(
                alice.event(30_000, NOW, "a", Tag.of("d", "one")), alice.event(30_000, NOW, "b", Tag.of("d", "one")));
        assertThat(decider.decisions(addressed.get(0), addressed.get(1))).containsExactly(ACCEPTED, SUPERSEDED);
        List<Event> others = byId(
                alice.event(30_000, NOW, "a", Tag.of("d", "two")), alice.event(30_000, NOW, "b", Tag.of("d", "two")));
        assertThat(decider.decisions(others.get(1), others.get(0))).containsExactly(ACCEPTED, ACCEPTED);
        assertThat(stored(others.get(0))).isTrue();
        assertThat(stored(others.get(1))).isFalse();
    }

    @Test
    void keepsAddressesOfOtherAuthorsKindsAndIdentifiersApart() {
        Event[] events = {
            alice.event(30_000, NOW, "", Tag.of("d", "x")),
            alice.event(30_001, NOW, "", Tag.of("d", "x")),
            alice.event(30_000, NOW, "", Tag.of("d", "y")),
            bob.event(30_000, NOW, "", Tag.of("d", "x")),
            alice.event(1, NOW, "", Tag.of("d", "x")),
            alice.event(1, NOW + 1, "", Tag.of("d", "x"))
        };
        assertThat(decider.decisions(events)).containsOnly(ACCEPTED);
        assertThat(events).allMatch(this::stored);
    }

    @Test
    void refusesAnOlderVersionAfterTheNewestHasGone() {
        Event older = alice.event(3, NOW, "old");
        Event newer = alice.event(3, NOW + 1, "new");
        decider.decide(newer);
        decider.store.run(
                "delete from events.identity where id = ?", (Object) newer.id().toBytes());
        decider.store.run(
                "delete from events.event where id = ?", (Object) newer.id().toBytes());

        assertThat(decider.decisions(older)).containsExactly(SUPERSEDED);
        Decided again = decider.decide(newer);
        assertThat(decisions(again)).containsExactly(ACCEPTED);
        assertThat(again.events().getFirst().effects()).isEmpty();
    }

    @Test
    void refusesWhatItsAuthorHasDeleted() {
        Event event = alice.note("deleted");
        bury(event, alice.key());
        assertThat(decider.decisions(event)).containsExactly(DELETED);
    }

    @Test
    void ignoresATombstoneOfAStranger() {
        Event event = alice.note("not bob's");
        bury(event, bob.key());
        assertThat(decider.decisions(event)).containsExactly(ACCEPTED);
    }

    /// NIP-59: the recipient of a gift wrap may have it deleted.
    @Test
    void refusesAGiftWrapThatItsRecipientHasDeleted() {
        Event wrap = alice.event(1059, NOW, "", Tag.of("p", bob.key().toString()));
        bury(wrap, bob.key());
        assertThat(decider.decisions(wrap)).containsExactly(DELETED);
        Event note = alice.event(1, NOW, "", Tag.of("p", bob.key().toString()));
        bury(note, bob.key());
        assertThat(decider.decisions(note)).containsExactly(ACCEPTED);
    }

    /// NIP-09: "publishing a deletion request event against a deletion request has no effect".
    @Test
    void keepsDeletionsAndVanishRequestsThatSomeoneWouldDelete() {
        Event deletion = alice.event(5, NOW, "", Tag.of("e", "x"));
        Event vanish = alice.event(62, NOW, "", Tag.of("relay", "ALL_RELAYS"));
        bury(deletion, alice.key());
        bury(vanish, alice.key());
        assertThat(decider.decisions(deletion)).containsExactly(ACCEPTED);
        decider.store.run(
                "insert into events.vanish_floor values (?, ?)", alice.key().toBytes(), NOW);
        assertThat(decider.decisions(vanish, alice.event(5, NOW, "", Tag.of("e", "y"))))
                .containsExactly(ACCEPTED, VANISHED);
    }

    @Test
    void refusesVersionsUpToTheDeletionOfTheirAddress() {
        byte[] address = TagHash.ofIdentifier("page");
        decider.store.run(
                "insert into events.address_tombstone values (?, 30023, ?, ?)",
                alice.key().toBytes(),
                address,
                NOW);
        assertThat(decider.decisions(
                        alice.event(30_023, NOW, "", Tag.of("d", "page")),
                        alice.event(30_023, NOW + 1, "", Tag.of("d", "page")),
                        bob.event(30_023, NOW, "", Tag.of("d", "page"))))
                .containsExactly(DELETED, ACCEPTED, ACCEPTED);
    }

    /// NIP-62: a request to vanish covers everything up to its time, and gift wraps sent to its author.
    @Test
    void refusesWhatLiesUnderAVanishFloor() {
        decider.store.run(
                "insert into events.vanish_floor values (?, ?)", alice.key().toBytes(), NOW);
        assertThat(decider.decisions(
                        alice.event(1, NOW, "under"),
                        alice.event(1, NOW + 1, "above"),
                        bob.event(1059, NOW, "", Tag.of("p", alice.key().toString())),
                        bob.event(1, NOW, "", Tag.of("p", alice.key().toString()))))
                .containsExactly(VANISHED, ACCEPTED, VANISHED, ACCEPTED);
    }

    /// NIP-40: relays do not accept what has expired.
    @Test
    void refusesWhatHasExpiredEvenIfItIsStillStored() {
        Event expired = alice.event(1, NOW, "", Tag.of("expiration", "1750000001"));
        assertThat(decider.decisions(expired)).containsExactly(EXPIRED);
        Event stored = alice.event(1, NOW, "", Tag.of("expiration", "99999999999"));
        decider.decide(stored);
        Event lasting = alice.event(1, NOW, "", Tag.of("expiration", "99999999999999999999"));
        assertThat(decider.decisions(lasting, stored)).containsExactly(ACCEPTED, DUPLICATE);
    }

    @Test
    void leavesVerdictsAndEmissionsInTheOutbox() {
        Event first = alice.event(0, NOW, "first");
        decider.decide(first);
        Event accepted = alice.event(0, NOW + 1, "second");
        Event refused = bob.event(1, NOW, "", Tag.of("expiration", "1"));
        Decided decided = decider.decide(refused, accepted);

        String row = " from events.outbox where batch = " + decided.outboxRow();
        assertThat(decider.store.<Long>column("select first_seq" + row))
                .containsExactly(decided.at().seq());
        assertThat(decider.store.<Long>column("select last_seq" + row))
                .containsExactly(decided.at().seq());
        assertThat(decider.store.<byte[]>column("select accepted_ids[1]" + row))
                .containsExactly(accepted.id().toBytes());
        assertThat(decider.store.<byte[]>column("select substr(effects[1], 2, 32)" + row))
                .containsExactly(first.id().toBytes());
        assertThat(decider.store.<byte[]>column("select refused_ids[1]" + row))
                .containsExactly(refused.id().toBytes());
        assertThat(decider.store.<Integer>column("select refused_codes[1]::int" + row))
                .containsExactly(EXPIRED.code());
        assertThat(decider.store.<Boolean>column("select acknowledged is null" + row))
                .containsExactly(true);
    }

    /// Whoever decided it is about to emit it.
    @Test
    void leavesItsRowToItsIndexerForHalfASecond() {
        String before = now();
        Decided decided = decider.decide(alice.note("just decided"));
        assertThat(decider.store.<Boolean>column(
                        "select claimed_until >= ?::timestamptz + interval '500 ms'"
                                + " and claimed_until <= ?::timestamptz + interval '500 ms'"
                                + " from events.outbox where batch = " + decided.outboxRow(),
                        before,
                        now()))
                .containsExactly(true);
    }

    private String now() {
        return decider.store.<String>column("select clock_timestamp()::text").getFirst();
    }

    @Test
    void leavesNothingToEmitWhereNothingIsAccepted() {
        Event refused = bob.event(1, NOW, "", Tag.of("expiration", "1"));
        Decided decided = decider.decide(refused);
        assertThat(decider.store.<Boolean>column(
                        "select acknowledged is null from events.outbox where batch = " + decided.outboxRow()))
                .containsExactly(false);
    }

    /// A server that has more to send than fits waits for its client, with its turn in hand.
    @Test
    void answersInFewBytesHoweverMuchIsReplaced() throws Exception {
        Event[] older = new Event[200];
        Event[] newer = new Event[200];
        for (int i = 0; i < older.length; i++) {
            older[i] = alice.event(30_000, NOW, "old", Tag.of("d", "many " + i));
            newer[i] = alice.event(30_000, NOW + 1, "new", Tag.of("d", "many " + i));
        }
        decider.decide(older);
        Event[] newest = Arrays.stream(newer)
                .map(event -> alice.event(30_000, NOW + 2, "newest", Tag.of("d", event.identifier())))
                .toArray(Event[]::new);

        Decided decided = decider.decide(newer);
        assertThat(decided.events().getLast().effects())
                .containsExactly(new Effect.Removed(older[199].id(), older[199].createdAt()));
        assertThat(decided.events()).allMatch(judged -> judged.effects().size() == 1);
        long bytes = decider.session.ask(connection -> {
            try (var statement =
                    connection.prepareStatement("select sum(pg_column_size(a)) from (" + Sequencer.DECIDE + ") a")) {
                decider.set(statement, newest);
                var answer = statement.executeQuery();
                answer.next();
                return answer.getLong(1);
            }
        });
        assertThat(bytes).isLessThan(8192);
    }

    @Test
    void takesABatchOfManyTagsAndOfNone() {
        Tag[] tags = IntStream.range(0, 2000)
                .mapToObj(i -> Tag.of("p", "value " + i))
                .toArray(Tag[]::new);
        Event many = alice.event(1, NOW, "", tags);
        Event none = bob.note("none");
        assertThat(decisions(decider.decide(none, many))).containsOnly(ACCEPTED);
        assertThat(decider.store.<Long>column(
                        "select count(*) from events.tag where id = '\\x%s'".formatted(many.id())))
                .containsExactly(2000L);
    }

    private void bury(Event event, Bytes32 deleter) {
        decider.store.run(
                "insert into events.tombstone values (?, ?)", event.id().toBytes(), deleter.toBytes());
    }

    private boolean stored(Event event) {
        String id = " where id = '\\x%s'".formatted(event.id());
        List<Long> rows = decider.store.column("select count(*) from events.event" + id);
        List<Long> identities = decider.store.column("select count(*) from events.identity" + id);
        assertThat(rows).isEqualTo(identities);
        return rows.getFirst() == 1;
    }

    private long seq() {
        return decider.store.<Long>column("select seq from events.committed()").getFirst();
    }

    private long epoch() {
        return decider.store
                .<Long>column("select epoch from events.committed()")
                .getFirst();
    }

    private static List<Decision> decisions(Decided decided) {
        return decided.events().stream().map(Judged::decision).toList();
    }

    private static List<Event> byId(Event... events) {
        return Arrays.stream(events).sorted(Comparator.comparing(Event::id)).toList();
    }
}
