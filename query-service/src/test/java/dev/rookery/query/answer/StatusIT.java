package dev.rookery.query.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.link.LinkFrame.Status;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.stored.QueryFailure;
import dev.rookery.query.stored.TestCalls;
import dev.rookery.query.stored.ViewProperties;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;

/// What is said of an event whose verdict has not arrived.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class StatusIT {

    private static final String LOG = "nostr.index";
    private static final int LANE = 3;
    private static final long DECIDED = 10;

    private static EventsSchema schema;
    private static TestAnswers answers;

    private final FilterScenarios scenarios = new FilterScenarios(1);

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
    void lane() {
        schema.clear();
        schema.execute("insert into events.progress values ('%s', %d, gen_random_uuid(), %d, 0, '', 1, 0)"
                .formatted(LOG, LANE, DECIDED));
    }

    @Test
    void isAcceptedWhenItIsStored() {
        Event event = event();
        schema.store(List.of(event));
        outbox(List.of(event), List.of());

        assertThat(status(decided(event))).containsExactly(Decision.ACCEPTED);
    }

    @Test
    void isAcceptedWhenItIsStoredHoweverFarItsLaneIs() {
        Event event = event();
        schema.store(List.of(event));

        assertThat(status(decided(event), undecided(event), new Question(event.id(), "nostr.bulk", 7, 0)))
                .containsExactly(Decision.ACCEPTED, Decision.ACCEPTED, Decision.ACCEPTED);
    }

    /// Somebody's slow requests must not make others wait for a verdict, or for the events they have missed.
    @Test
    void isToldWhileRequestsHaveAllTheirConnections(TestPostgres postgres) {
        Event event = event();
        schema.store(List.of(event));
        var one = new ViewProperties(
                List.of(), 1, 10, Duration.ofMinutes(5), Duration.ofMinutes(6), Duration.ofMillis(20));
        try (TestAnswers busy = new TestAnswers(postgres, TestAnswers.BOUNDS, one)) {
            Disposable asking = busy.pools()
                    .views()
                    .first(Position.NONE, TestCalls.sleep(300_000))
                    .subscribe();

            assertThat(busy.answers()
                            .status(new Status(1, Position.NONE, List.of(decided(event))))
                            .map(Statuses::decisions)
                            .block(Duration.ofMinutes(1)))
                    .containsExactly(Decision.ACCEPTED);
            assertThat(busy.answers()
                            .range(new Range(2, new Position(1, 0), new Position(1, 1), 1 << 20))
                            .next(1 << 20)
                            .block(Duration.ofMinutes(1)))
                    .isNotNull();
            asking.dispose();
        }
    }

    @Test
    void isWhatItWasRefusedFor() {
        Event stored = event();
        schema.store(List.of(stored));
        List<Decision> refusals = List.of(
                Decision.DUPLICATE,
                Decision.SUPERSEDED,
                Decision.DELETED,
                Decision.VANISHED,
                Decision.EXPIRED,
                Decision.FAILED);
        List<Event> events = Stream.concat(Stream.of(stored), Stream.generate(this::event))
                .limit(6)
                .toList();
        for (int i = 0; i < 6; i++) {
            outbox(List.of(), List.of(new Refused(events.get(i), refusals.get(i))));
        }

        assertThat(status(events.stream().map(StatusIT::decided).toArray(Question[]::new)))
                .isEqualTo(refusals);
    }

    @Test
    void isTheLatestOfSeveralRefusals() {
        Event event = event();
        outbox(List.of(), List.of(new Refused(event, Decision.FAILED)));
        outbox(List.of(), List.of(new Refused(event, Decision.DELETED)));

        assertThat(status(decided(event))).containsExactly(Decision.DELETED);
    }

    @Test
    void isAcceptedWhenItWasAcceptedAndIsGoneSince() {
        Event event = event();
        outbox(List.of(event), List.of());

        assertThat(status(decided(event))).containsExactly(Decision.ACCEPTED);
    }

    /// What was accepted and deleted since is no duplicate: it has to be decided again.
    @Test
    void isADuplicateOnlyWhileItIsStoredWhenItWasNotLogged() {
        Event stored = event();
        Event gone = event();
        Event refused = event();
        schema.store(List.of(stored));
        outbox(List.of(stored, gone), List.of(new Refused(refused, Decision.DELETED)));

        assertThat(status(
                        Question.whetherStored(stored.id()),
                        Question.whetherStored(gone.id()),
                        Question.whetherStored(refused.id()),
                        decided(gone)))
                .containsExactly(Decision.DUPLICATE, Decision.UNKNOWN, Decision.UNKNOWN, Decision.ACCEPTED);
    }

    @Test
    void isUndecidedUntilItsLaneHasPassedItsOffset() {
        Event event = event();
        Event refusedBefore = event();
        outbox(List.of(), List.of(new Refused(refusedBefore, Decision.FAILED)));

        assertThat(status(undecided(event), undecided(refusedBefore), new Question(event.id(), LOG, LANE + 1, 0)))
                .containsOnly(Decision.UNDECIDED);
    }

    /// It was accepted and replaced, and has been sent again: what will be decided now is not what was decided then.
    @Test
    void isUndecidedWhenItIsGoneAndHasBeenLoggedAgain() {
        Event event = event();
        outbox(List.of(event), List.of());

        assertThat(status(undecided(event))).containsExactly(Decision.UNDECIDED);
    }

    /// Which of its offsets which answer belongs to cannot be told any more, and neither may be final.
    @Test
    void isUnknownWhenItWasAcceptedOnceAndRefusedOnce() {
        Event event = event();
        outbox(List.of(event), List.of());
        outbox(List.of(), List.of(new Refused(event, Decision.SUPERSEDED)));

        assertThat(status(decided(event))).containsExactly(Decision.UNKNOWN);
    }

    @Test
    void isUnknownWhenItWasDecidedAndNothingIsLeft() {
        assertThat(status(decided(event()))).containsExactly(Decision.UNKNOWN);
    }

    @Test
    void answersEachQuestionInItsPlaceWithThePositionReached() {
        List<Event> events = scenarios.events(40).stream()
                .map(one -> EventsSchema.event(one.json()))
                .toList();
        schema.store(events.subList(0, 20));
        Question[] questions = events.stream().map(StatusIT::decided).toArray(Question[]::new);

        Statuses statuses = ask(Position.NONE, questions);

        assertThat(statuses.at()).isEqualTo(new Position(1, 20));
        assertThat(statuses.decisions().subList(0, 20)).containsOnly(Decision.ACCEPTED);
        assertThat(statuses.decisions().subList(20, 40)).containsOnly(Decision.UNKNOWN);
    }

    @Test
    void isNotToldFromBeforeWhatTheGatewayHasReached() {
        assertThatThrownBy(() -> ask(new Position(1, 5), decided(event())))
                .isInstanceOfSatisfying(
                        QueryFailure.class,
                        failure -> assertThat(failure.failure()).isEqualTo(Failure.BEHIND));
    }

    private record Refused(Event event, Decision decision) {}

    private List<Decision> status(Question... questions) {
        return ask(Position.NONE, questions).decisions();
    }

    private static Statuses ask(Position atLeast, Question... questions) {
        var answer = answers.answers().status(new Status(5, atLeast, Arrays.asList(questions)));
        return Objects.requireNonNull(answer.block(Duration.ofSeconds(10)));
    }

    private Event event() {
        return EventsSchema.event(scenarios.event().json());
    }

    private static Question decided(Event event) {
        return new Question(event.id(), LOG, LANE, DECIDED - 1);
    }

    private static Question undecided(Event event) {
        return new Question(event.id(), LOG, LANE, DECIDED);
    }

    private static void outbox(List<Event> accepted, List<Refused> refused) {
        schema.execute("""
            insert into events.outbox (epoch, first_seq, last_seq, accepted_ids, accepted_created_at, accepted_kinds, origins,
                effects, refused_ids, refused_codes)
            values (1, 1, %d, %s, '{}', '{}', '{}', '{}', %s, '{%s}')
            """.formatted(
                        accepted.size(),
                        ids(accepted),
                        ids(refused.stream().map(Refused::event).toList()),
                        refused.stream().map(one -> "" + one.decision().code()).collect(Collectors.joining(","))));
    }

    private static String ids(List<Event> events) {
        return events.stream()
                .map(Event::id)
                .map(Bytes32::toString)
                .map("'\\x%s'::bytea"::formatted)
                .collect(Collectors.joining(",", "array[", "]::bytea[]"));
    }
}
