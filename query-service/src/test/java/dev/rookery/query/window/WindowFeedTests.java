package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.query.stored.StoredView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/// Loading the window in a time that a test makes pass.
@Timeout(60)
class WindowFeedTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private int attempts;

    @AfterEach
    void leaveTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void goesOnTryingHoweverLongTheDatabaseIsAway() {
        var properties = new WindowProperties(
                DataSize.ofMegabytes(1),
                List.of(),
                1_000,
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                Duration.ofDays(1));
        var meters = new SimpleMeterRegistry();
        var primary =
                new StoredView("primary", new Unreachable(), new StoredView.Bounds(10, Duration.ofSeconds(5)), meters);
        Window window = new Window(properties, meters, System::nanoTime);
        var loader = new WindowLoader(window, primary, Clock.systemUTC(), time);
        try (WindowFeed feed = new WindowFeed(loader, properties, System::nanoTime)) {
            feed.noted();
            time.advanceTimeBy(Duration.ofHours(12));
            assertThat(attempts).as("one a second").isGreaterThan(12 * 3_600 - 10);
        }
    }

    /// As a pool does, it looks for the context of whoever asks for a connection.
    private final class Unreachable implements ConnectionFactory {

        @Override
        public Mono<Connection> create() {
            return Mono.deferContextual(context -> {
                attempts++;
                return Mono.error(new R2dbcNonTransientResourceException("nobody is there"));
            });
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "nobody";
        }
    }
}
