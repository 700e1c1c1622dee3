package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

@Timeout(30)
class ValuesTests {

    @Test
    void takesWhatIsSetByDefault() {
        assertThatNoException().isThrownBy(() -> check(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.public-url, http://example.com, gateway-service",
        "relay.limits.filters, many, gateway-service",
        "relay.limits.filters, 0, gateway-service",
        "relay.connections.max-pending, 1 apple, gateway-service",
        "relay.broadcast.feed.page, 0, broadcast-service",
        "relay.query.answer.max-limit, 0, query-service",
        "relay.query.window.size, -1, query-service",
        "relay.indexer.batch.max-events, 0, indexer-service",
        "relay.indexer.port, none, indexer-service"
    })
    void refusesWhatAServiceCannotTake(String key, String value, String service) {
        assertThatExceptionOfType(ServiceFailedException.class)
                .isThrownBy(() -> check(Map.of(key, value)))
                .withMessage(service + " did not start");
    }

    private static void check(Map<String, Object> settings) throws IOException {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("set by the operator", settings));
        var properties = new StandaloneProperties(
                Path.of("data"), "127.0.0.1", 0, Duration.ofSeconds(60), Duration.ofSeconds(30));
        Values.check(Wiring.toCome(properties, environment));
    }
}
