package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.order.Position;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A gateway takes clients when it can serve them: with both links, and a position behind which it tells live events.
@Timeout(240)
class ReadinessTests {

    @Test
    void isReadyWithBothLinksAndAPositionOnly() throws Exception {
        try (FakeServices query = new FakeServices();
                FakeServices broadcast = new FakeServices()) {
            broadcast.applied = new Position(1, 7);
            try (RunningGateway gateway = gateway(query.address(), broadcast.address())) {
                await().atMost(Duration.ofSeconds(30)).until(() -> readiness(gateway) == 200);
                broadcast.close();
                await().atMost(Duration.ofSeconds(30)).until(() -> readiness(gateway) == 503);
                assertThat(liveness(gateway)).isEqualTo(200);
            }
        }
    }

    @Test
    void isNotReadyWithoutTheLinkToQueryService() throws Exception {
        try (FakeServices broadcast = new FakeServices()) {
            broadcast.applied = new Position(1, 7);
            try (RunningGateway gateway = gateway("127.0.0.1:1", broadcast.address())) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> health(gateway).contains("\"broadcast\":true"));
                assertThat(readiness(gateway)).isEqualTo(503);
            }
        }
    }

    @Test
    void isNotReadyWithoutAPosition() throws Exception {
        try (FakeServices services = new FakeServices();
                RunningGateway gateway = gateway(services.address(), services.address())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> health(gateway).contains("\"query\":true"));
            assertThat(readiness(gateway)).isEqualTo(503);
            services.applied = new Position(1, 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> readiness(gateway) == 200);
        }
    }

    private static RunningGateway gateway(String query, String broadcast) {
        return RunningGateway.start(
                "--relay.gateway.actuator-port=0",
                "--relay.gateway.actuator-address=127.0.0.1",
                "--management.endpoint.health.show-details=always",
                "--relay.links.query=" + query,
                "--relay.links.broadcast=" + broadcast);
    }

    private static int readiness(RunningGateway gateway) throws Exception {
        return get(gateway, "/readiness").statusCode();
    }

    private static int liveness(RunningGateway gateway) throws Exception {
        return get(gateway, "/liveness").statusCode();
    }

    private static String health(RunningGateway gateway) throws Exception {
        return get(gateway, "").body();
    }

    private static HttpResponse<String> get(RunningGateway gateway, String path) throws Exception {
        int port = gateway.context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/health" + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }
}
