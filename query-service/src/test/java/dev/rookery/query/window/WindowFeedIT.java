package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.query.EventsSchema;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;

/// The window at the end of the one order, whatever happens to it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith({KafkaExtension.class, PostgresExtension.class})
class WindowFeedIT {

    private static final long NOW = 1_700_000_000;
    private static final Comparator<Event> SERVED =
            Comparator.comparingLong(Event::createdAt).reversed().thenComparing(Event::id);

    private static EventsSchema schema;

    private final SchnorrSigner author = new SchnorrSigner(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7
            });
    private TestFeed feed;
    private int made;

    @BeforeAll
    static void create(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
    }

    @BeforeEach
    void begin(TestKafka kafka, TestPostgres postgres) throws Exception {
        schema.clear();
        feed = new TestFeed(kafka, postgres, schema, following(Duration.ofMillis(50), Duration.ofMillis(700)));
    }

    @AfterEach
    void end() {
        feed.close();
    }

    @Test
    void holdsWhatIsStoredAndFollowsTheLog() {
        Event first = note();
        Event second = note();
        feed.decide(first, second);
        feed.start();
        feed.awaitIt();
        assertThat(feed.all()).contains(served(first, second));

        Event third = note();
        feed.accept(third, first);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(second, third));
        assertThat(feed.loads()).isEqualTo(1);
    }

    @Test
    void isWhatTheStoreIsThoughThatChangesWhileItIsLoaded() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Event> stored = new ArrayList<>(List.of(notes(2_500)));
        feed.decide(stored.toArray(Event[]::new));
        feed.start();
        for (int i = 0; i < 100; i++) {
            Event gone = stored.remove(random.nextInt(stored.size()));
            Event added = note();
            stored.add(added);
            feed.accept(added, gone);
        }
        feed.awaitIt();
        assertThat(feed.all()).as("seed %d", seed).contains(served(stored.toArray(Event[]::new)));
    }

    @Test
    void holdsProfilesThatAreOlderThanAllElseItHasRoomFor(TestKafka kafka, TestPostgres postgres) throws Exception {
        Event profile = Event.of(author, NOW - 1_000_000, 0, List.of(), "{}");
        feed.decide(profile);
        feed.decide(notes(600));
        var small = new WindowProperties(
                DataSize.ofKilobytes(200),
                List.of(0),
                20_000,
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                Duration.ofMillis(50));
        try (TestFeed tight = new TestFeed(kafka, postgres, schema, small)) {
            tight.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> tight.asked("[{\"kinds\":[0]}]").isPresent());
            assertThat(tight.asked("[{\"kinds\":[0]}]")).contains(List.of(profile));
            assertThat(tight.asked("[{\"limit\":600}]")).isEmpty();
            assertThat(tight.asked("[{\"limit\":100}]")).isPresent();
        }
    }

    @Test
    void takesRecordsInTheirOrderWhateverTheOrderTheyComeIn() {
        feed.start();
        feed.awaitIt();
        Event first = note();
        Event second = note();
        feed.decide(first, second);
        feed.emit(second, 2);
        feed.emit(first, 1);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(first, second));
        assertThat(feed.loads()).isEqualTo(1);
    }

    @Test
    void isLoadedAnewWhereTheLogDoesNotBringWhatIsStored() {
        feed.start();
        feed.awaitIt();
        Event lost = note();
        Event told = note();
        feed.decide(lost, told);
        feed.emit(told, 2);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(lost, told));
        assertThat(feed.loads()).isEqualTo(2);
    }

    @Test
    void isLoadedAnewWhereTheLogDoesNotBringTheLast() {
        feed.start();
        feed.awaitIt();
        Event lost = note();
        feed.decide(lost);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(lost));
    }

    @Test
    void isLoadedAnewInANewEpoch() {
        Event old = note();
        feed.decide(old);
        feed.start();
        feed.awaitIt();
        feed.beginEpoch();
        Event fresh = note();
        feed.accept(fresh, old);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(fresh));
        assertThat(feed.loads()).isEqualTo(2);
    }

    @Test
    void isLoadedAnewWhenTheDatabaseHasGoneBack() {
        Event kept = note();
        Event lost = note();
        feed.decide(kept, lost);
        feed.start();
        feed.awaitIt();
        feed.goBack(1);
        feed.awaitIt();
        assertThat(feed.all()).contains(served(kept));
    }

    @Test
    void answersNothingWhileTheDatabaseIsGone() {
        feed.decide(note());
        feed.start();
        feed.awaitIt();
        schema.execute("alter schema events rename to away");
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.isServing());
            assertThat(feed.all()).isEmpty();
        } finally {
            schema.execute("alter schema away rename to events");
        }
        feed.awaitIt();
        assertThat(feed.all()).isPresent();
        assertThat(feed.loads()).isEqualTo(1);
    }

    @Test
    void goesOnAnsweringWhileRequestsAreMoreThanTheDatabaseTakes(TestKafka kafka, TestPostgres postgres)
            throws Exception {
        try (TestFeed patient =
                new TestFeed(kafka, postgres, schema, following(Duration.ofMillis(500), Duration.ofSeconds(5)))) {
            patient.start();
            patient.awaitIt();
            Disposable overload = patient.overload();
            double polls = patient.polls();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                assertThat(patient.isServing()).isTrue();
                return patient.polls() >= polls + 3;
            });
            patient.accept(note());
            patient.awaitIt();
            overload.dispose();
            assertThat(patient.loads()).isEqualTo(1);
        }
    }

    private static WindowProperties following(Duration poll, Duration patience) {
        return new WindowProperties(
                DataSize.ofMegabytes(16), List.of(0), 20_000, Duration.ofMillis(20), Duration.ofMillis(700), poll);
    }

    private static List<Event> served(Event... events) {
        return List.of(events).stream().sorted(SERVED).toList();
    }

    private Event[] notes(int count) {
        return Stream.generate(this::note).limit(count).toArray(Event[]::new);
    }

    private Event note() {
        made++;
        return Event.of(author, NOW + made % 1_000, 1, List.of(), "note " + made);
    }
}
