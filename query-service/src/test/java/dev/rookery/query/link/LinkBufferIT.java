package dev.rookery.query.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.order.Position;
import dev.rookery.query.EventsSchema;
import dev.rookery.query.TestAnswers;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.ScenarioEvent;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;

/// A gateway that does not read.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(PostgresExtension.class)
class LinkBufferIT {

    private static final long CREDIT = 1 << 30;
    private static final int REQUESTS = 10;

    private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();

    @BeforeAll
    static void store(TestPostgres postgres) {
        EventsSchema.in(postgres)
                .storeJson(new FilterScenarios(1)
                        .events(300).stream().map(ScenarioEvent::json).toList());
    }

    @Test
    void fetchesNoPagesForItBeyondTheBuffer(TestPostgres postgres) throws InterruptedException {
        try (TestAnswers answers = new TestAnswers(postgres)) {
            Link link = link(answers);
            Disposable answer = ask(link, 1);

            assertThat(waiting.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(waiting.poll(200, TimeUnit.MILLISECONDS)).isNull();
            answer.dispose();

            assertThat(link.requests()).isZero();
        }
    }

    @Test
    void fetchesNoMoreForManyRequestsThanForOne(TestPostgres postgres) throws InterruptedException {
        try (TestAnswers answers = new TestAnswers(postgres)) {
            Link link = link(answers);
            List<Disposable> asked =
                    IntStream.range(0, REQUESTS).mapToObj(i -> ask(link, i)).toList();
            byte[] first = waiting.poll(10, TimeUnit.SECONDS);
            assertThat(first).isNotNull();
            assertThat(waiting.poll(200, TimeUnit.MILLISECONDS)).isNull();

            link.left(first);
            assertThat(waiting.poll(10, TimeUnit.SECONDS)).as("another's").isNotNull();
            assertThat(waiting.poll(200, TimeUnit.MILLISECONDS)).isNull();
            asked.forEach(Disposable::dispose);

            assertThat(link.requests()).isZero();
        }
    }

    /// Clients' answers from the database wait for one another; a gateway's own range waits for none of them.
    @Test
    void isNotWaitedForByWhatAllSubscriptionsWaitFor(TestPostgres postgres) {
        try (TestAnswers answers = new TestAnswers(postgres)) {
            var range = new LinkFrame.Range(1, new Position(1, 0), new Position(1, 1), CREDIT);
            assertThat(answers.answers().range(range).waitsForPages()).isFalse();
            assertThat(answers.answers().query(query(2)).waitsForPages()).isTrue();
        }
    }

    private static Link link(TestAnswers answers) {
        LinkProperties bounds = new LinkProperties(
                REQUESTS,
                10,
                DataSize.ofBytes(1_000),
                DataSize.ofBytes(2_000),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(15));
        return new Link(answers.answers(), bounds, new LinkMeters(new SimpleMeterRegistry()));
    }

    private Disposable ask(Link link, int request) {
        return link.answer(query(request))
                .map(LinkCodec::encode)
                .doOnNext(link::waits)
                .subscribe(waiting::add);
    }

    private static Query query(int request) {
        return new Query(request, Position.NONE, CREDIT, "[{}]".getBytes(UTF_8), List.of());
    }
}
