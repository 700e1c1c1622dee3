package dev.rookery.query.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for an answer beyond the filters: its snapshot, its order, its limits, and what is left out of it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(PostgresExtension.class)
class AnswersIT {

    private static final long START = 1_700_000_000;
    private static final long ALL = 1 << 20;

    private static EventsSchema schema;
    private static TestAnswers answers;
    private static SchnorrSigner author;
    private static SchnorrSigner other;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres);
        author = signer(1);
        other = signer(2);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @BeforeEach
    void clear() {
        schema.clear();
    }

    @Test
    void leavesOutOfLaterPagesWhatWasStoredAfterItsSnapshot() {
        List<Event> events = stored(IntStream.range(0, 6)
                .mapToObj(i -> note(START + 10 * i, List.of()))
                .toList());
        PagedAnswer answer = query("[{\"limit\":3},{\"kinds\":[1,2]}]", Position.NONE);
        List<Part> parts = new ArrayList<>(List.of(next(answer, 1)));

        stored(List.of(note(START + 45, List.of()), note(START + 5, List.of()), note(START + 60, List.of())));
        while (!parts.getLast().isLast()) {
            parts.add(next(answer, 1));
        }

        assertThat(TestAnswers.events(parts)).isEqualTo(events.reversed());
        assertThat(parts)
                .flatMap(Part::frames)
                .allSatisfy(frame -> assertThat(frame).extracting("snapshot").isEqualTo(new Position(1, 6)));
    }

    /// With the first limit rows come with their keys, with the second they are looked up.
    @ParameterizedTest
    @ValueSource(ints = {40, 600})
    void leavesOutWhatWasStoredAfterItsSnapshotWhereKeysAreReadOnLater(int limit) {
        List<Event> events = stored(IntStream.range(0, limit)
                        .mapToObj(i -> note(START + 10 * i, List.of()))
                        .toList())
                .reversed();
        PagedAnswer answer = query("[{\"kinds\":[1,2,3,4,5],\"limit\":%d}]".formatted(limit - 5), Position.NONE);
        List<Part> parts = new ArrayList<>(List.of(next(answer, 1)));

        stored(IntStream.range(0, limit)
                .mapToObj(i -> note(START + 10 * i + 5, List.of()))
                .toList());
        while (!parts.getLast().isLast()) {
            parts.add(next(answer, 20_000));
        }

        assertThat(TestAnswers.events(parts)).isEqualTo(events.subList(0, limit - 5));
    }

    @Test
    void leavesOutOfLaterPagesWhatIsGoneAndGoesOnToTheFilterLimit() {
        List<Event> events = stored(IntStream.range(0, 8)
                        .mapToObj(i -> note(START + i, List.of()))
                        .toList())
                .reversed();
        PagedAnswer answer = query("[{\"limit\":4,\"kinds\":[1,2]}]", Position.NONE);
        List<Part> parts = new ArrayList<>(List.of(next(answer, 1)));

        schema.remove(List.of(events.get(2)));
        while (!parts.getLast().isLast()) {
            parts.add(next(answer, 1));
        }

        assertThat(TestAnswers.events(parts))
                .containsExactly(events.get(0), events.get(1), events.get(3), events.get(4));
    }

    @Test
    void endsWhenTheDatabaseHasGoneBackBetweenTwoPages() {
        stored(IntStream.range(0, 3).mapToObj(i -> note(START + i, List.of())).toList());
        PagedAnswer answer = query("[{\"kinds\":[1,2]}]", Position.NONE);
        next(answer, 1);
        schema.execute("update events.sequencer set epoch = 2");

        assertThatThrownBy(() -> next(answer, 1))
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(Failure.BEHIND));
    }

    @Test
    void leavesOutWhatHasExpiredWithoutLosingAPlaceOfTheLimit() {
        List<Event> events = stored(IntStream.range(0, 9)
                .mapToObj(i -> note(
                        START + i, List.of(Tag.of("t", "x"), Tag.of("expiration", "" + (TestAnswers.NOW + i % 3)))))
                .toList());
        List<Event> living = events.reversed().stream()
                .filter(event -> !event.isExpired(TestAnswers.NOW))
                .toList();
        assertThat(living).hasSize(6);

        for (String filter : List.of("{%s}", "{\"kinds\":[1,2]%s}", "{\"#t\":[\"x\"]%s}", "{\"#t\":[\"x\",\"y\"]%s}")) {
            assertThat(answers.all(
                            "[" + filter.formatted(filter.length() < 5 ? "\"limit\":4" : ",\"limit\":4") + "]", ALL))
                    .as(filter)
                    .isEqualTo(living.subList(0, 4));
        }
        assertThat(answers.all(
                        "[{\"ids\":[\"%s\",\"%s\"]}]"
                                .formatted(events.get(0).id(), events.get(1).id()),
                        ALL))
                .containsExactly(events.get(1));
    }

    @Test
    void comparesTagsInFullBecauseTwoMayShareAHash() {
        List<Event> events = stored(IntStream.range(0, 6)
                .mapToObj(i -> note(START + i, List.of(Tag.of("t", "x"))))
                .toList());
        Event stranger =
                stored(List.of(note(START + 7, List.of(Tag.of("t", "z"))))).getFirst();
        schema.execute(
                "update events.tag set hash = %d where id = '\\x%s'".formatted(TagHash.of('t', "x"), stranger.id()));

        assertThat(answers.all("[{\"#t\":[\"x\"],\"limit\":2}]", ALL))
                .isEqualTo(events.reversed().subList(0, 2));
    }

    /// With the first limits rows come with their keys, with the last they are looked up.
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10, 600})
    void goesOnBehindTagsWhoseEventsHaveGone(int limit) {
        int some = Math.min(limit, 20);
        List<Event> events = stored(IntStream.range(0, 2 * some)
                        .mapToObj(i -> note(START + i, List.of(Tag.of("t", "x"))))
                        .toList())
                .reversed();
        for (String table : List.of("event", "identity")) {
            schema.execute("delete from events.%s where created_at >= %d".formatted(table, START + some));
        }

        for (String filter : List.of("{\"#t\":[\"x\"],\"limit\":%d}", "{\"#t\":[\"x\",\"y\"],\"limit\":%d}")) {
            assertThat(answers.all("[" + filter.formatted(limit) + "]", ALL))
                    .as(filter)
                    .isEqualTo(events.subList(some, 2 * some));
        }
    }

    @Test
    void keepsTheOrderOfAllFiltersWhenOneHasToReadOn() {
        List<Event> events = stored(IntStream.range(0, 10)
                .mapToObj(i -> note(START + i, List.of(Tag.of("t", i % 2 == 0 ? "x" : "y"))))
                .toList());
        Event stranger =
                stored(List.of(note(START + 20, List.of(Tag.of("t", "z"))))).getFirst();
        schema.execute(
                "update events.tag set hash = %d where id = '\\x%s'".formatted(TagHash.of('t', "x"), stranger.id()));

        assertThat(answers.all("[{\"#t\":[\"x\"],\"limit\":2},{\"#t\":[\"y\"],\"limit\":5}]", ALL))
                .containsExactlyElementsOf(
                        Stream.of(9, 8, 7, 6, 5, 3, 1).map(events::get).toList());
    }

    @Test
    void showsPrivateKindsToTheirPartiesOnly() {
        Bytes32 recipient = Bytes32.of(other.publicKey());
        Event wrap = Event.of(author, START + 1, 1059, List.of(Tag.of("p", recipient.toString())), "");
        Event note = note(START, List.of());
        stored(List.of(wrap, note));

        assertThat(answers.all("[{\"limit\":1}]", ALL)).containsExactly(note);
        assertThat(answers.all("[{\"kinds\":[1059]}]", ALL)).isEmpty();
        assertThat(answers.all("[{\"ids\":[\"%s\"]}]".formatted(wrap.id()), ALL))
                .isEmpty();
        assertThat(answers.all("[{\"kinds\":[1059]}]", ALL, recipient)).containsExactly(wrap);
        assertThat(answers.all("[{\"kinds\":[1059]}]", ALL, wrap.pubkey())).containsExactly(wrap);
        assertThat(answers.all("[{\"kinds\":[1059]}]", ALL, note.id())).isEmpty();
    }

    /// To go through all that is of others would take many questions.
    @Test
    void findsWhatIsPrivateAmongMuchThatIsOfOthers() {
        Bytes32 viewer = Bytes32.of(other.publicKey());
        Tag mine = Tag.of("p", viewer.toString());
        Event first = Event.of(author, START, 1059, List.of(mine), "");
        Event second = Event.of(other, START + 1_000, 1059, List.of(mine), "");
        Event third = Event.of(other, START + 2_000, 1059, List.of(Tag.of("p", "ab".repeat(32))), "");
        Event note = note(START + 1_500, List.of());
        stored(List.of(first, second, third, note));
        stored(IntStream.range(0, 3_000)
                .mapToObj(i -> Event.of(author, START + i, 1059, List.of(Tag.of("p", "cd".repeat(32))), ""))
                .toList());

        long before = answers.questions();
        assertThat(answers.all("[{\"kinds\":[1059],\"limit\":3}]", ALL, viewer)).containsExactly(third, second, first);
        assertThat(answers.questions() - before).isLessThanOrEqualTo(3);
        assertThat(answers.all("[{\"kinds\":[1059],\"limit\":2}]", 1, viewer)).containsExactly(third, second);
        assertThat(answers.all("[{\"kinds\":[1,1059]}]", ALL, viewer)).containsExactly(third, note, second, first);
        assertThat(answers.all("[{\"kinds\":[1,1059]},{\"kinds\":[1059],\"limit\":1}]", 1, viewer))
                .containsExactly(third, note, second, first);
        assertThat(answers.count("[{\"kinds\":[1059]}]", viewer).count()).isEqualTo(3);
    }

    @Test
    void sendsAnEventThatIsLargerThanAPageAlone() {
        Event large = Event.of(author, START, 1, List.of(), "x".repeat(500_000));
        stored(List.of(large, note(START + 1, List.of()), note(START - 1, List.of())));

        for (String filters : List.of("[{}]", "[{\"kinds\":[1,2]}]")) {
            List<Part> parts = answers.parts(filters, 10_000);

            assertThat(parts)
                    .map(part -> TestAnswers.events(List.of(part)).size())
                    .startsWith(1, 1, 1);
            assertThat(TestAnswers.events(parts)).hasSize(3).element(1).isEqualTo(large);
        }
    }

    @Test
    void clampsLimitsAndUsesTheDefaultWithoutOne() {
        AnswerProperties small =
                new AnswerProperties(2, 3, TestAnswers.PROPERTIES.pageSize(), 500, Duration.ofSeconds(10), 10, 5);
        stored(IntStream.range(0, 5).mapToObj(i -> note(START + i, List.of())).toList());

        try (TestAnswers bounded = new TestAnswers(schema.postgres(), small)) {
            assertThat(bounded.all("[{}]", ALL)).hasSize(2);
            assertThat(bounded.all("[{\"limit\":1000000}]", ALL)).hasSize(3);
            assertThat(bounded.all("[{\"limit\":0}]", ALL)).isEmpty();
            assertThatThrownBy(
                            () -> bounded.answers().range(new Range(1, new Position(1, 1), new Position(1, 12), ALL)))
                    .isInstanceOfSatisfying(
                            QueryFailure.class,
                            failure -> assertThat(failure.failure()).isEqualTo(Failure.TOO_LARGE));
        }
    }

    @Test
    void findsFewAmongManyCandidates() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            SchnorrSigner signer = i % 400 == 7 ? other : author;
            events.add(Event.of(
                    signer, START + i / 3, 1, List.of(Tag.of("t", "x"), Tag.of("d", "" + i % 300)), "" + i));
        }
        stored(events);
        List<Event> wanted = List.of(events.get(807), events.get(407), events.get(7));
        String both = "\"" + Bytes32.of(other.publicKey()) + "\"";

        assertThat(answers.all(
                        "[{\"#t\":[\"x\"],\"#d\":[\"107\",\"207\",\"7\"],\"authors\":[%s]}]".formatted(both), ALL))
                .isEqualTo(wanted);
        assertThat(answers.all("[{\"#t\":[\"x\"],\"authors\":[%s],\"limit\":2}]".formatted(both), ALL))
                .isEqualTo(wanted.subList(0, 2));
    }

    private static PagedAnswer query(String filters, Position atLeast) {
        return answers.answers().query(new Query(1, atLeast, 0, filters.getBytes(UTF_8), List.of()));
    }

    private static Part next(PagedAnswer answer, long bytes) {
        return Objects.requireNonNull(answer.next(bytes).block(Duration.ofSeconds(10)));
    }

    private static List<Event> stored(List<Event> events) {
        schema.store(events);
        return events;
    }

    private static Event note(long createdAt, List<Tag> tags) {
        return Event.of(author, createdAt, 1, tags, "a note");
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
