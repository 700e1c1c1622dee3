package dev.rookery.query.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.answer.PagedAnswer;
import dev.rookery.query.answer.Part;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.unit.DataSize;

/// Those who read their answers slowly keep no more of them in memory than there is room for. The database of this test
/// is empty, so that it shows who has answered.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(PostgresExtension.class)
class UnsentIT {

    private static final int EVENTS = 8;
    private static final Position START = new Position(1, 10);
    private static final SchnorrSigner AUTHOR = new SchnorrSigner(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8
            });

    /// Of which answers may keep half; one of this test's keeps seven events of 60 KB.
    private final Window window =
            new Window(TestAnswers.window(DataSize.ofMegabytes(1)), new SimpleMeterRegistry(), System::nanoTime);

    private TestAnswers answers;

    @BeforeAll
    static void create(TestPostgres postgres) {
        EventsSchema.in(postgres);
    }

    @BeforeEach
    void load(TestPostgres postgres) {
        answers = new TestAnswers(postgres, window);
        window.trust(System.nanoTime(), TimeUnit.HOURS.toNanos(1));
        Loading loading = window.begin(START);
        window.loaded(loading, Window.EVERYTHING, START);
        window.loadedAll(loading);
        for (int i = 1; i <= EVENTS; i++) {
            Event event = Event.of(AUTHOR, 1_700_000_000 + i, 1, List.of(), "x".repeat(60_000));
            window.apply(new Position(1, 10 + i), new HotEvent(event), List.of());
        }
    }

    @AfterEach
    void close() {
        answers.close();
    }

    @Test
    void leavesToTheDatabaseWhatThereIsNoRoomFor() {
        PagedAnswer first = asked();
        assertThat(events(next(first))).isEqualTo(1);

        assertThat(events(next(asked()))).as("by the database").isZero();

        first.close();
        PagedAnswer third = asked();
        assertThat(events(next(third))).isEqualTo(1);
        for (int i = 1; i < EVENTS; i++) {
            assertThat(events(next(third))).isEqualTo(1);
        }
        assertThat(window.unsent().bytes()).as("once all of it has been given").isZero();
        assertThat(events(next(asked()))).isEqualTo(1);
    }

    @Test
    void keepsNothingForAnAnswerThatNobodyReadsAnyMore() {
        PagedAnswer gone = asked();
        gone.close();
        assertThat(events(next(gone))).isZero();
        assertThat(window.unsent().bytes()).isZero();
    }

    private PagedAnswer asked() {
        byte[] filters = "[{\"kinds\":[1]}]".getBytes(UTF_8);
        return answers.answers().query(new LinkFrame.Query(1, Position.NONE, 0, filters, List.of()));
    }

    private static Part next(PagedAnswer answer) {
        return Objects.requireNonNull(answer.next(1).block(Duration.ofSeconds(20)));
    }

    private static long events(Part part) {
        return part.frames().stream()
                .mapToLong(frame ->
                        frame instanceof LinkFrame.Page page ? page.events().size() : 0)
                .sum();
    }
}
