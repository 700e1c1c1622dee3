package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Completeness;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.scenario.ScenarioFilter;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// NIP-67: whether the end of an answer says rightly if everything that matches was in it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class CompletenessIT {

    private static final long START = 1_700_000_000;
    private static final int REQUESTS = 150;
    /// So patient that a busy machine never leaves it open.
    private static final AnswerProperties PATIENT = new AnswerProperties(
            5_000, 5_000, TestAnswers.PROPERTIES.pageSize(), 500, Duration.ofSeconds(300), 100_000, 5_000);

    private static EventsSchema schema;
    private static TestAnswers answers;

    private final SchnorrSigner author = signer(1);
    private final SchnorrSigner other = signer(2);

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        answers = new TestAnswers(postgres, PATIENT);
    }

    @AfterAll
    static void stop() {
        answers.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void isWhatAPlainReadingOfTheFiltersSays(long seed) {
        FilterScenarios scenarios = new FilterScenarios(seed);
        Random random = new Random(seed);
        List<ScenarioEvent> stored = scenarios.events(seed % 2 == 0 ? 60 : 600);
        schema.clear();
        schema.storeJson(stored.stream().map(ScenarioEvent::json).toList());

        for (int request = 0; request < REQUESTS; request++) {
            List<ScenarioFilter> filters = scenarios.filters();
            String json = FilterScenarios.json(filters);
            List<Part> parts = parts(json, true, random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(20_000));
            List<ScenarioEvent> wanted = FilterScenarios.answer(stored, filters);
            boolean all = stored.stream()
                    .filter(event -> filters.stream().anyMatch(filter -> filter.matches(event)))
                    .allMatch(wanted::contains);

            assertThat(end(parts))
                    .as("seed %d, request %d: %s", seed, request, json)
                    .isEqualTo(all ? Completeness.FINISHED : Completeness.MORE);
            assertThat(TestAnswers.events(parts))
                    .as("seed %d, request %d: %s", seed, request, json)
                    .map(event -> event.id().toString())
                    .isEqualTo(wanted.stream().map(ScenarioEvent::id).toList());
        }
    }

    /// Ten notes of one author, five of another, the last of which, the oldest of all, is not to be shown.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{}]                                        | FINISHED",
                "[{\"limit\":14}]                            | FINISHED",
                "[{\"limit\":13}]                            | MORE",
                "[{\"limit\":0}]                             | MORE",
                "[{\"limit\":0,\"kinds\":[7]}]               | FINISHED",
                "[{\"kinds\":[1059]}]                        | FINISHED",
                "[{\"authors\":[\"FIRST\"],\"limit\":10}]    | FINISHED",
                "[{\"authors\":[\"FIRST\"],\"limit\":9}]     | MORE",
                "[{\"authors\":[\"SECOND\"],\"limit\":4}]    | FINISHED",
                "[{\"authors\":[\"SECOND\"],\"limit\":3}]    | MORE",
                "[{\"authors\":[\"FIRST\"],\"limit\":9},{\"limit\":14}]                       | FINISHED",
                "[{\"authors\":[\"FIRST\"],\"limit\":9},{\"authors\":[\"SECOND\"]}]           | MORE",
                "[{\"#t\":[\"x\"],\"authors\":[\"FIRST\"],\"kinds\":[1],\"limit\":5}]         | FINISHED",
                "[{\"#t\":[\"x\"],\"authors\":[\"FIRST\"],\"kinds\":[1],\"limit\":4}]         | MORE",
                "[{\"search\":\"note\"}]                     | UNKNOWN",
                "[{\"search\":\"note\"},{\"limit\":1}]       | UNKNOWN"
            })
    void isToldOfLimitsAndOfWhatIsNotShown(String filters, Completeness expected) {
        for (String hidden : List.of("expired", "vanished", "wrapped")) {
            store(hidden);
            String json = filters.replace(
                            "FIRST", Bytes32.of(author.publicKey()).toString())
                    .replace("SECOND", Bytes32.of(other.publicKey()).toString());
            assertThat(end(parts(json, true, 1 << 20))).as(hidden).isEqualTo(expected);
            assertThat(end(parts(json, false, 1 << 20))).as("not asked for").isEqualTo(Completeness.UNKNOWN);
        }
    }

    /// The relay's own limits cut as a client's do.
    @Test
    void isToldOfTheRelaysOwnLimits(TestPostgres postgres) {
        store("expired");
        AnswerProperties narrow =
                new AnswerProperties(13, 13, PATIENT.pageSize(), 500, PATIENT.patience(), 100_000, 5_000);
        try (TestAnswers few = new TestAnswers(postgres, narrow)) {
            assertThat(end(parts(few, "[{}]", true, 1 << 20))).isEqualTo(Completeness.MORE);
            assertThat(end(parts(few, "[{\"limit\":100}]", true, 1 << 20))).isEqualTo(Completeness.MORE);
        }
    }

    /// What takes too long to find out leaves the answer as it is.
    @Test
    void isNotKnownWhereItTakesTooLong(TestPostgres postgres) throws SQLException {
        store("expired");
        AnswerProperties hasty =
                new AnswerProperties(5_000, 5_000, PATIENT.pageSize(), 500, Duration.ofSeconds(30), 100_000, 5_000);
        try (TestAnswers answering = new TestAnswers(postgres, hasty)) {
            PagedAnswer answer = answering.answers().query(query("[{\"limit\":3}]", true));
            // All three are there; then their table is locked, so that nothing more is answered.
            Part first = Objects.requireNonNull(answer.next(1 << 20).block(Duration.ofSeconds(30)));
            assertThat(first.isLast()).isFalse();
            List<Part> parts = new ArrayList<>(List.of(first));
            try (Connection other = postgres.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table events.event in access exclusive mode");
                parts.addAll(rest(answer));
                other.rollback();
            }
            assertThat(TestAnswers.events(parts)).hasSize(3);
            assertThat(end(parts)).isEqualTo(Completeness.UNKNOWN);
        }
    }

    private static List<Part> rest(PagedAnswer answer) {
        List<Part> parts = new ArrayList<>();
        do {
            parts.add(Objects.requireNonNull(answer.next(1 << 20).block(Duration.ofSeconds(40))));
        } while (!parts.getLast().isLast());
        return parts;
    }

    private void store(String hidden) {
        schema.clear();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            events.add(event(author, START + 10 + i, 1, i % 2 == 0 ? Tag.of("t", "x") : Tag.of("t", "y")));
        }
        for (int i = 1; i < 5; i++) {
            events.add(event(other, START + i, 1));
        }
        events.add(
                switch (hidden) {
                    case "expired" -> event(other, START, 1, Tag.of("expiration", "" + (TestAnswers.NOW - 1)));
                    case "wrapped" -> event(other, START, 1059, Tag.of("p", "ab".repeat(32)));
                    default -> event(signer(3), START, 1);
                });
        schema.store(events);
        if (hidden.equals("vanished")) {
            schema.execute("insert into events.vanishing values ('\\x%s', %d)"
                    .formatted(Bytes32.of(signer(3).publicKey()), START));
        }
    }

    private static List<Part> parts(String filters, boolean completeness, long pageBytes) {
        return parts(answers, filters, completeness, pageBytes);
    }

    private static List<Part> parts(TestAnswers asked, String filters, boolean completeness, long pageBytes) {
        PagedAnswer answer = asked.answers().query(query(filters, completeness));
        List<Part> parts = new ArrayList<>();
        do {
            parts.add(Objects.requireNonNull(answer.next(pageBytes).block(Duration.ofSeconds(60))));
        } while (!parts.getLast().isLast());
        return parts;
    }

    private static LinkFrame.Query query(String filters, boolean completeness) {
        return new LinkFrame.Query(
                1, Position.NONE, 0, filters.getBytes(StandardCharsets.UTF_8), List.of(), completeness);
    }

    private static Completeness end(List<Part> parts) {
        return ((End) parts.getLast().frames().getLast()).completeness();
    }

    private static Event event(SchnorrSigner signer, long createdAt, int kind, Tag... tags) {
        return Event.of(signer, createdAt, kind, List.of(tags), "note");
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
