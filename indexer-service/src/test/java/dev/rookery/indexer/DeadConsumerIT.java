package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/// A consumer whose thread has ended decides nothing, and nothing but a new process will start it again.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DeadConsumerIT {

    @Test
    void isNeitherReadyNorAlive(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        Planted error = Planted.around(Planted.LIVE, decide -> (batch, moves) -> {
            throw new LinkageError("planted");
        });
        try (TestLog log = new TestLog(kafka);
                RunningIndexer indexer =
                        RunningIndexer.start(new RunningIndexer.Servers(kafka, postgres, redis), Map.of(), error)) {
            eventually("ready", () -> status(indexer, "readiness") == 200);
            assertThat(status(indexer, "liveness")).isEqualTo(200);
            log.index(new TestAuthor(1).note("the last"), "gateway");
            eventually("not ready", () -> status(indexer, "readiness") == 503);
            eventually("not alive", () -> status(indexer, "liveness") == 503);
        }
    }

    @Test
    void isAliveUntilTheEndOtherwise(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        try (RunningIndexer indexer = RunningIndexer.start(new RunningIndexer.Servers(kafka, postgres, redis))) {
            eventually("ready", () -> status(indexer, "readiness") == 200);
            indexer.bean("indexContainer", KafkaMessageListenerContainer.class).stop();
            eventually("not ready", () -> status(indexer, "readiness") == 503);
            assertThat(status(indexer, "liveness")).as("somebody asked for it").isEqualTo(200);
        }
    }

    /// A setting that no consumer can be made with.
    @Test
    void isNotAliveWithoutABeginning(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        try (RunningIndexer indexer = RunningIndexer.start(
                new RunningIndexer.Servers(kafka, postgres, redis),
                Map.of("relay.kafka.client.isolation.level", "nonsense"))) {
            eventually("not alive", () -> status(indexer, "liveness") == 503);
        }
    }

    @Test
    void isNotReadyWithoutWhatReadsInBulk(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        try (RunningIndexer indexer = RunningIndexer.start(new RunningIndexer.Servers(kafka, postgres, redis))) {
            eventually("ready", () -> status(indexer, "readiness") == 200);
            indexer.bean("bulkContainer", KafkaMessageListenerContainer.class).stop();
            eventually("not ready", () -> status(indexer, "readiness") == 503);
        }
    }

    /// A poll that finds nothing comes back only then.
    @Test
    void looksUpAsOftenAsItIsToBeIdle(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        try (RunningIndexer indexer = RunningIndexer.start(new RunningIndexer.Servers(kafka, postgres, redis))) {
            for (String container : List.of("indexContainer", "bulkContainer")) {
                ContainerProperties properties = indexer.bean(container, KafkaMessageListenerContainer.class)
                        .getContainerProperties();
                assertThat(properties.getPollTimeout()).isEqualTo(properties.getIdleEventInterval());
            }
        }
    }

    /// Without a pause before the next attempt, the first refusal would be a consumer's last.
    @Test
    void outlivesABrokerThatRefusesItForAMoment(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        new Store(postgres).migrate();
        try (RunningIndexer indexer = RunningIndexer.start(new RunningIndexer.Servers(kafka, postgres, redis))) {
            for (String container : List.of("indexContainer", "bulkContainer")) {
                assertThat(indexer.bean(container, KafkaMessageListenerContainer.class)
                                .getContainerProperties()
                                .getAuthExceptionRetryInterval())
                        .isPositive();
            }
        }
    }

    private static int status(RunningIndexer indexer, String probe) {
        URI uri = URI.create("http://127.0.0.1:" + indexer.port() + "/actuator/health/" + probe);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
