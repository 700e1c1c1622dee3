package dev.rookery.query.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkCodec;
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

    @Test
    void fetchesNoPagesForItBeyondTheBuffer(TestPostgres postgres) throws InterruptedException {
        EventsSchema schema = EventsSchema.in(postgres);
        schema.storeJson(new FilterScenarios(1)
                .events(300).stream().map(ScenarioEvent::json).toList());
        LinkProperties bounds = new LinkProperties(
                10,
                10,
                DataSize.ofBytes(1_000),
                DataSize.ofBytes(2_000),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(15));
        try (TestAnswers answers = new TestAnswers(postgres)) {
            Link link = new Link(answers.answers(), bounds, new LinkMeters(new SimpleMeterRegistry()));
            BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
            Disposable answer = link.answer(new Query(1, Position.NONE, CREDIT, "[{}]".getBytes(UTF_8), List.of()))
                    .map(LinkCodec::encode)
                    .doOnNext(link::waits)
                    .subscribe(waiting::add);

            byte[] first = waiting.poll(10, TimeUnit.SECONDS);
            assertThat(first).isNotNull();
            assertThat(waiting.poll(200, TimeUnit.MILLISECONDS)).isNull();
            answer.dispose();

            assertThat(link.requests()).isZero();
        }
    }
}
