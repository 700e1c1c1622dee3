package dev.rookery.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.query.stored.ViewServer;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The service takes links when it can answer.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@ExtendWith(PostgresExtension.class)
class ReadinessIT {

    private static final String PASSWORD = "a password for this test";
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static EventsSchema schema;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start(TestPostgres postgres) {
        schema = EventsSchema.in(postgres);
        schema.execute("alter role rookery_query login password '%s'".formatted(PASSWORD));
        ViewServer server = TestAnswers.server(postgres);
        service = QueryService.start(
                "--relay.secret=a secret for this test",
                "--relay.query.port=0",
                "--relay.query.address=127.0.0.1",
                "--relay.postgres.host=" + server.host(),
                "--relay.postgres.port=" + server.port(),
                "--relay.postgres.database=" + server.database(),
                "--relay.postgres.password=" + PASSWORD);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void isReady() {
        await().atMost(BOUND).until(() -> health("readiness") == 200);
    }

    @Test
    void isNotReadyWhileTheLanesRepeatWhatAnEpochHasLost() throws Exception {
        schema.execute("update events.progress set decided = 3, catch_up_to = 4");
        schema.execute("update events.sequencer set epoch = epoch + 1");
        assertThat(health("readiness")).isEqualTo(503);
        assertThat(health("liveness")).isEqualTo(200);
        schema.execute("update events.progress set decided = 4");
        assertThat(health("readiness")).isEqualTo(200);
    }

    @Test
    void isNotReadyWithoutItsDatabase() throws Exception {
        schema.execute("alter schema events rename to away");
        try {
            assertThat(health("readiness")).isEqualTo(503);
            assertThat(health("liveness")).isEqualTo(200);
        } finally {
            schema.execute("alter schema away rename to events");
        }
        await().atMost(BOUND).until(() -> health("readiness") == 200);
    }

    private static int health(String group) throws Exception {
        int port = ((WebServerApplicationContext) service).getWebServer().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/health/" + group);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
