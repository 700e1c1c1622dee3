package dev.rookery.query.answer;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.scenario.ScenarioFilter;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;

/// NIP-45, as the store answers it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class CountIT {

    private static final long START = 1_700_000_000;
    private static final int REQUESTS = 100;

    private static EventsSchema schema;
    private static TestAnswers answers;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @BeforeEach
    void clear() {
        schema.clear();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void countsWhatAPlainReadingOfTheFiltersFindsEachOnceAndWhateverTheLimit(long seed) {
        FilterScenarios scenarios = new FilterScenarios(seed);
        List<ScenarioEvent> stored = scenarios.events(seed % 2 == 0 ? 60 : 600);
        schema.storeJson(stored.stream().map(ScenarioEvent::json).toList());

        for (int request = 0; request < REQUESTS; request++) {
            List<ScenarioFilter> filters = scenarios.filters();
            long matching = stored.stream()
                    .filter(event -> filters.stream().anyMatch(filter -> filter.matches(event)))
                    .count();

            assertThat(answers.count(FilterScenarios.json(filters)).count())
                    .as("seed %d, request %d: %s", seed, request, filters)
                    .isEqualTo(matching);
        }
    }

    @Test
    void countsNothingThatHasExpiredOrVanished() {
        SchnorrSigner gone = signer(2);
        schema.store(List.of(
                Event.of(signer(1), START, 1, List.of(Tag.of("expiration", "" + TestAnswers.NOW)), ""),
                Event.of(signer(1), START, 1, List.of(Tag.of("expiration", "" + (TestAnswers.NOW + 1))), ""),
                Event.of(gone, START, 1, List.of(), ""),
                Event.of(gone, START + 2, 1, List.of(), "")));
        schema.execute("insert into events.vanishing values ('\\x%s', %d)"
                .formatted(HexFormat.of().formatHex(gone.publicKey()), START + 1));

        for (String filters : List.of("[{}]", "[{\"kinds\":[1]}]", "[{\"kinds\":[1]},{\"kinds\":[1,2]}]")) {
            assertThat(answers.count(filters).count()).as(filters).isEqualTo(2);
        }
    }

    @Test
    void countsPrivateEventsForThoseOnlyWhomTheyAreFor() {
        Bytes32 recipient = Bytes32.of(signer(3).publicKey());
        Bytes32 stranger = Bytes32.of(signer(4).publicKey());
        List<Event> events = new ArrayList<>(List.of(Event.of(signer(1), START, 1, List.of(), "")));
        for (int i = 0; i < 5; i++) {
            Tag to = Tag.of("p", (i < 3 ? recipient : stranger).toString());
            events.add(Event.of(signer(10 + i), START + i, 1059, List.of(to), "x".repeat(100_000)));
        }
        schema.store(events);

        for (String filters : List.of("[{}]", "[{\"kinds\":[1,1059]}]", "[{\"kinds\":[1]},{\"kinds\":[1059]}]")) {
            assertThat(answers.count(filters).count()).isEqualTo(1);
            assertThat(answers.count(filters, recipient).count()).isEqualTo(4);
            assertThat(answers.count(filters, recipient, stranger).count()).isEqualTo(6);
            assertThat(answers.count(filters, events.getLast().pubkey()).count())
                    .isEqualTo(2);
        }
    }

    /// A tag that shares its hash with that of a viewer makes nobody a party: the rule decides, not the index.
    @Test
    void asksTheRuleAboutPrivateEventsAndNotTheIndex() {
        Bytes32 viewer = Bytes32.of(signer(3).publicKey());
        Event wrap = Event.of(
                signer(1),
                START,
                1059,
                List.of(Tag.of("p", Bytes32.of(signer(4).publicKey()).toString())),
                "");
        schema.store(List.of(wrap));
        schema.execute("update events.event set tag_hashes = '{%d}'".formatted(TagHash.of('p', viewer.toString())));

        assertThat(answers.count("[{\"kinds\":[1059]}]", viewer).count()).isZero();
    }

    @Test
    void countsWhatASearchFinds() {
        schema.store(IntStream.range(0, 20)
                .mapToObj(i -> Event.of(signer(1), START + i, 1, List.of(), i % 4 == 0 ? "a rook" : "a crow"))
                .toList());

        assertThat(answers.count("[{\"search\":\"rook\",\"limit\":1}]").count()).isEqualTo(5);
        assertThat(answers.count("[{\"search\":\"rook\"},{\"since\":%d}]".formatted(START + 15))
                        .count())
                .isEqualTo(9);
        assertThat(answers.count("[{\"search\":\"\"}]").count()).isEqualTo(20);
    }

    /// What an expired event has taken the place of is not known.
    @Test
    void refusesToCountWhatASearchMayHaveCutOff() {
        schema.store(IntStream.range(0, 4)
                .mapToObj(i -> Event.of(
                        signer(1),
                        START + i,
                        1,
                        i == 3 ? List.of(Tag.of("expiration", "" + TestAnswers.NOW)) : List.of(),
                        i == 0 ? "a rook, and a crow" : "a rook"))
                .toList());
        schema.writeWords();
        var few = new SearchProperties(3, 2_000, DataSize.ofMegabytes(4), Duration.ofSeconds(2));

        try (TestAnswers bounded = new TestAnswers(schema.postgres(), TestAnswers.PROPERTIES, few)) {
            assertThat(bounded.count("[{\"search\":\"crow\"}]").count()).isEqualTo(1);
            assertThatThrownBy(() -> bounded.count("[{\"search\":\"rook\"}]"))
                    .isInstanceOfSatisfying(
                            QueryFailure.class,
                            failure -> assertThat(failure.failure()).isEqualTo(Failure.TOO_LARGE));
        }
    }

    @Test
    void tellsInWhichSnapshotItCounted() {
        schema.store(List.of(Event.of(signer(1), START, 1, List.of(), "")));

        assertThat(answers.count("[{\"kinds\":[1]}]").at().seq()).isEqualTo(1);
        assertThat(answers.count("[{\"kinds\":[]}]").at().seq()).isEqualTo(1);
    }

    @Test
    void countsNoFurtherThanItMay() {
        schema.store(IntStream.range(0, 11)
                .mapToObj(i -> Event.of(signer(1), START + i, 1, List.of(), ""))
                .toList());
        var bounds = new Answering.Bounds(
                TestAnswers.PROPERTIES,
                TestAnswers.SEARCH,
                new CountProperties(4, 10, Duration.ofSeconds(10)),
                TestAnswers.SYNC);

        try (TestAnswers bounded = new TestAnswers(schema.postgres(), bounds)) {
            assertThat(bounded.count("[{\"since\":%d}]".formatted(START + 1)).count())
                    .isEqualTo(10);
            assertThatThrownBy(() -> bounded.count("[{}]"))
                    .isInstanceOfSatisfying(
                            QueryFailure.class,
                            failure -> assertThat(failure.failure()).isEqualTo(Failure.TOO_LARGE));
        }
    }

    /// One question to the store at a time, and the one that asks most of them has the first.
    @Test
    void doesNotKeepWaitingWhatIsLittleForWhatIsMuch() throws Exception {
        String much =
                IntStream.range(0, 20).mapToObj("{\"kinds\":[%d]}"::formatted).collect(joining(",", "[", "]"));
        var bounds = new Answering.Bounds(
                TestAnswers.PROPERTIES,
                TestAnswers.SEARCH,
                new CountProperties(1, 10, Duration.ofSeconds(30)),
                TestAnswers.SYNC);
        List<String> done = new CopyOnWriteArrayList<>();

        try (TestAnswers bounded = new TestAnswers(schema.postgres(), bounds)) {
            try (Connection connection = schema.postgres().connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table events.event in access exclusive mode");
                bounded.counted(much).subscribe(counted -> done.add("much"));
                Awaitility.await().until(() -> waitsForALock(statement));
                bounded.counted("[{\"kinds\":[1]}]").subscribe(counted -> done.add("little"));
                connection.commit();
            }
            Awaitility.await().untilAsserted(() -> assertThat(done).containsExactly("little", "much"));
        }
    }

    /// The store is not even asked while the index is waited for.
    @Test
    void keepsNobodyWaitingWhileASearchWaitsForTheIndex() {
        schema.store(List.of(
                Event.of(signer(1), START, 1, List.of(), "a rook"),
                Event.of(signer(1), START + 1, 1, List.of(), "a crow")));
        var bounds = new Answering.Bounds(
                TestAnswers.PROPERTIES,
                new SearchProperties(5_000, 1, DataSize.ofMegabytes(4), Duration.ofMinutes(5)),
                new CountProperties(1, 10, Duration.ofMinutes(5)),
                TestAnswers.SYNC);

        try (TestAnswers bounded = new TestAnswers(schema.postgres(), bounds)) {
            Disposable waiting = bounded.counted("[{\"search\":\"rook\"}]").subscribe();

            assertThat(Objects.requireNonNull(
                                    bounded.counted("[{\"kinds\":[1]}]").block(Duration.ofMinutes(1)))
                            .count())
                    .isEqualTo(2);
            assertThat(waiting.isDisposed()).isFalse();
            waiting.dispose();
        }
    }

    private static boolean waitsForALock(Statement statement) throws SQLException {
        try (ResultSet waiting = statement.executeQuery("select from pg_locks where not granted")) {
            return waiting.next();
        }
    }

    /// Registers by the words of NIP-45, digit by digit.
    @Test
    void givesRegistersOfHowManyAuthorsThereAre() {
        Tag target = Tag.of("e", "0".repeat(32) + "5" + "0".repeat(31));
        List<Event> reactions = IntStream.range(0, 300)
                .mapToObj(i -> Event.of(signer(1 + i % 150), START + i, 7, List.of(target), "+"))
                .toList();
        schema.store(reactions);
        int[] expected = new int[256];
        for (Event event : reactions) {
            String bits = bits(event.pubkey()).substring(8 * 13);
            int register = Integer.parseInt(bits.substring(0, 8), 2);
            expected[register] = Math.max(expected[register], bits.substring(8).indexOf('1') + 1);
        }

        var counted = answers.count(
                "[{\"#e\":[\"%s\"],\"kinds\":[7]}]".formatted(target.elements().get(1)));

        assertThat(counted.count()).isEqualTo(300);
        assertThat(IntStream.range(0, 256).map(i -> counted.registers()[i]).toArray())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"kinds\":[7]}]",
                "[{\"#t\":[\"a\",\"b\"]}]",
                "[{\"#t\":[\"a\"]},{\"#t\":[\"b\"]}]",
            })
    void givesNoRegistersWhereTheProtocolNamesNone(String filters) {
        assertThat(answers.count(filters).registers()).isEmpty();
    }

    private static String bits(Bytes32 key) {
        StringBuilder bits = new StringBuilder();
        for (byte one : key.toBytes()) {
            bits.append("%8s".formatted(Integer.toBinaryString(one & 0xFF)).replace(' ', '0'));
        }
        return bits.toString();
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[30] = (byte) (number >>> 8);
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
