package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/// NIP-50, whether the words of an event are in the index already or not.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class SearchIT {

    private static final long START = 1_700_000_000;
    private static final int ALL = 1 << 20;

    private static EventsSchema schema;
    private static TestAnswers answers;

    private final SchnorrSigner alice = signer(1);
    private final SchnorrSigner bob = signer(2);

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres, TestAnswers.PROPERTIES, bounds(5_000, 100));
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @BeforeEach
    void clear() {
        schema.clear();
    }

    /// "results SHOULD be returned in descending order by quality", not by time.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheBestFirstAndOfEqualOnesTheNewest(boolean written) {
        Event older = note(START, "rooks nest high");
        Event newer = note(START + 1, "rooks nest high");
        Event titled = event(alice, START - 5, 30_023, "about birds", Tag.of("title", "Rooks"), Tag.of("d", ""));
        Event often = note(START - 9, "rooks rooks rooks");
        Event beside = note(START + 9, "crows nest high");
        store(written, older, newer, titled, often, beside);

        assertThat(found("{\"search\":\"ROOKS\"}")).containsExactly(titled, often, newer, older);
        assertThat(found("{\"search\":\"rooks\",\"limit\":3}")).containsExactly(titled, often, newer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wantsAllWordsAndAllOtherFields(boolean written) {
        Event mine = event(alice, START, 1, "rooks and crows", Tag.of("t", "birds"));
        Event theirs = event(bob, START + 1, 1, "crows and rooks");
        Event profile = event(bob, START + 2, 0, "{\"name\":\"rooks\",\"about\":\"crows\"}");
        Event onlyRooks = note(START + 3, "rooks");
        store(written, mine, theirs, profile, onlyRooks);

        assertThat(found("{\"search\":\"crows rooks\"}")).containsExactlyInAnyOrder(mine, theirs, profile);
        assertThat(found("{\"search\":\"crows rooks\",\"kinds\":[0,7]}")).containsExactly(profile);
        assertThat(found("{\"search\":\"crows rooks\",\"authors\":[\"" + key(alice) + "\"]}"))
                .containsExactly(mine);
        assertThat(found("{\"search\":\"crows rooks\",\"ids\":[\"" + theirs.id() + "\",\"" + onlyRooks.id() + "\"]}"))
                .containsExactly(theirs);
        assertThat(found("{\"search\":\"crows rooks\",\"#t\":[\"birds\"]}")).containsExactly(mine);
        assertThat(found("{\"search\":\"crows rooks\",\"#t\":[\"fish\"]}")).isEmpty();
        assertThat(found("{\"search\":\"crows\",\"since\":" + (START + 1) + ",\"until\":" + (START + 1) + "}"))
                .containsExactly(theirs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsWordsOfScriptsWithoutSpaces(boolean written) {
        Event chinese = note(START, "我喜欢北京");
        Event japanese = note(START, "東京都に住んでいます");
        Event thai = note(START, "สวัสดีชาวโลก");
        Event emoji = note(START, "party 🎉");
        store(written, chinese, japanese, thai, emoji);

        assertThat(found("{\"search\":\"北京\"}")).containsExactly(chinese);
        assertThat(found("{\"search\":\"東京\"}")).containsExactly(japanese);
        assertThat(found("{\"search\":\"โลก\"}")).containsExactly(thai);
        assertThat(found("{\"search\":\"🎉\"}")).containsExactly(emoji);
    }

    /// A limit counts what is shown.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsNothingThatIsNotToBeShown(boolean written) {
        Event shown = note(START, "rooks far below all others in a long text of many words that say nothing of note");
        Event expired = event(alice, START, 1, "rooks", Tag.of("expiration", "1700000500"));
        Event vanished = event(bob, START, 1, "rooks");
        Event wrap = event(bob, START + 1, 1059, "rooks", Tag.of("p", key(alice)));
        Event unsearched = event(alice, START, 7, "rooks");
        store(written, shown, expired, vanished, wrap, unsearched);
        schema.execute("insert into events.vanishing values ('\\x%s', %d)"
                .formatted(HexFormat.of().formatHex(bob.publicKey()), START));

        assertThat(found("{\"search\":\"rooks\",\"limit\":1}")).containsExactly(shown);
        assertThat(answers.all("[{\"search\":\"rooks\",\"limit\":2}]", ALL, Bytes32.of(alice.publicKey())))
                .containsExactly(wrap, shown);
    }

    @Test
    void leavesOutWhatIsGoneOrHasAnotherNumber() {
        Event gone = note(START, "rooks");
        Event again = note(START + 1, "rooks");
        Event stays = note(START + 2, "rooks");
        store(true, gone, again, stays);
        schema.remove(List.of(gone, again));
        schema.store(List.of(again));
        schema.execute("update events.search_progress set seq = 4");
        assertThat(found("{\"search\":\"rooks\"}")).containsExactly(stays);

        schema.execute("update events.search_progress set seq = 3");
        assertThat(found("{\"search\":\"rooks\"}")).containsExactly(stays, again);
    }

    /// The words of what was stored last are compared beside the index, in the same snapshot and order.
    @Test
    void findsAtOnceWhatWasJustStored() {
        store(true, note(START, "rooks are birds"), note(START, "crows"));
        Event late = note(START - 1, "rooks rooks rooks");
        schema.store(List.of(late, note(START, "crows too")));

        List<Part> parts = answers.parts("[{\"search\":\"rooks\"}]", ALL);

        assertThat(TestAnswers.events(parts)).hasSize(2).first().isEqualTo(late);
        assertThat(parts.getLast().frames().getLast()).isEqualTo(new End(1, new Position(1, 4)));
    }

    @Test
    void failsWhileTooMuchIsNotInTheIndexAndThenGoesOn() {
        schema.store(
                IntStream.range(0, 100).mapToObj(i -> note(START + i, "rooks")).toList());
        assertThatThrownBy(() -> found("{\"search\":\"rooks\"}"))
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(Failure.BEHIND));

        schema.writeWords();
        assertThat(found("{\"search\":\"rooks\"}")).hasSize(100);

        // Of a former history: what comes next cannot be told from what is written.
        schema.execute("update events.search_progress set seq = 1000");
        assertThatThrownBy(() -> found("{\"search\":\"rooks\"}")).isInstanceOf(QueryFailure.class);
    }

    @Test
    void looksBackFromTheNewestUntilThereAreEnoughCandidates(TestPostgres postgres) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Event event = note(START + i, "rooks");
            events.add(event);
            schema.store(List.of(event));
            schema.execute("update events.sequencer set seq = seq + 65536 * 5");
        }
        schema.writeWords();

        assertThat(found("{\"search\":\"rooks\"}")).containsExactlyElementsOf(events.reversed());
        try (TestAnswers few = new TestAnswers(postgres, TestAnswers.PROPERTIES, bounds(4, 100))) {
            assertThat(few.all("[{\"search\":\"rooks\"}]", ALL))
                    .containsExactlyElementsOf(events.reversed().subList(0, 4));
        }
    }

    /// Several filters: each with its own limit, nothing twice; what has no search comes after, newest first.
    @Test
    void joinsSeveralFilters() {
        Event rooks = note(START, "rooks");
        Event both = note(START + 1, "rooks crows");
        Event crows = note(START + 2, "crows");
        Event other = event(bob, START + 3, 1, "neither");
        store(true, rooks, both, crows, other);

        assertThat(found("{\"search\":\"rooks\"},{\"search\":\"crows\"}")).containsExactly(crows, rooks, both);
        assertThat(found("{\"search\":\"rooks\",\"limit\":1},{\"search\":\"crows\",\"limit\":2}"))
                .containsExactly(crows, rooks, both);
        assertThat(found("{\"search\":\"rooks\"},{\"kinds\":[1]}")).containsExactly(rooks, both, other, crows);
        assertThat(found("{\"search\":\"rooks\"},{\"kinds\":[1],\"limit\":3}"))
                .containsExactly(rooks, both, other, crows);
        assertThat(found("{\"search\":\"owls\"},{\"kinds\":[]}")).isEmpty();
        assertThat(found("{\"search\":\"rooks\",\"kinds\":[]},{\"authors\":[\"" + key(bob) + "\"]}"))
                .containsExactly(other);
        for (int page : new int[] {1, 300}) {
            assertThat(answers.all("[{\"search\":\"rooks\"},{\"kinds\":[1]}]", page))
                    .containsExactly(rooks, both, other, crows);
        }
    }

    @Test
    void takesAnEmptySearchForNone() {
        Event rooks = note(START, "rooks");
        Event crows = note(START + 1, "crows");
        store(true, rooks, crows);

        for (String nothing : List.of("", "  ", "include:spam", "domain:nest.example language:en")) {
            assertThat(found("{\"search\":\"" + nothing + "\"}")).containsExactly(crows, rooks);
        }
        assertThat(found("{\"search\":\"rooks include:spam sentiment:negative nsfw:true\"}"))
                .containsExactly(rooks);
        assertThat(found("{\"search\":\"!!\"}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rooks \\\" ' % _ * ( & ! : | <->",
                "rooks:* !rooks",
                "'rooks' \\\\ \\\\' ''",
                "rooks \\u0000",
                "\\u0000rooks\\u0000",
                "{rooks}, [rooks] $1 :rooks ? rooks::text",
                "rooks/b0 /k1 rooks",
                "\\ud83c\\udf89rooks)"
            })
    void isNotHarmedByWhatIsAskedFor(String search) {
        Event rooks = note(START, "rooks b0 k1 text 1 🎉 🎉rooks");
        store(true, rooks, note(START, "crows"));

        assertThat(found("{\"search\":\"" + search + "\"}")).containsExactly(rooks);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%' OR 1=1 -- \\\" * ( AND : foo:bar",
                "/b0",
                "/k1",
                "/b0 rooks /k1",
                "*",
                "%",
                "'",
                "\\\\",
                "x\\u0000'"
            })
    void findsNothingByWhatIsNoWord(String search) {
        store(true, note(START, "rooks"), note(START, "crows"));

        assertThat(found("{\"search\":\"" + search + "\"}")).isEmpty();
        assertThat(found("{\"search\":\"" + (search + " ").repeat(10_000 / search.length()) + "\"}"))
                .isEmpty();
    }

    private void store(boolean written, Event... events) {
        schema.store(List.of(events));
        if (written) {
            schema.writeWords();
            schema.execute("delete from events.search where kind = 7");
        }
    }

    private static List<Event> found(String filters) {
        return answers.all("[" + filters + "]", ALL);
    }

    private Event note(long createdAt, String content) {
        return event(alice, createdAt, 1, content);
    }

    private static Event event(SchnorrSigner signer, long createdAt, int kind, String content, Tag... tags) {
        return Event.of(signer, createdAt, kind, List.of(tags), content);
    }

    private static SearchProperties bounds(int candidates, int unwritten) {
        return new SearchProperties(candidates, unwritten, DataSize.ofMegabytes(4), Duration.ofSeconds(1));
    }

    private static String key(SchnorrSigner signer) {
        return Bytes32.of(signer.publicKey()).toString();
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
