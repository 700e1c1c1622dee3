package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.order.Position;
import dev.rookery.query.stored.StoredView;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
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
        try (WindowFeed feed = feed(System::nanoTime)) {
            feed.noted();
            time.advanceTimeBy(Duration.ofHours(12));
            assertThat(attempts).as("one a second").isGreaterThan(12 * 3_600 - 10);
        }
    }

    @Test
    void loadsAnewWhenARecordCannotBeAppliedForWhateverReason() {
        LongSupplier failing = () -> {
            throw new StackOverflowError("as in a test");
        };
        try (WindowFeed feed = feed(failing)) {
            feed.noted();
            assertThat(attempts).isEqualTo(1);
            feed.received(List.of(new BroadcastRecord(new Position(1, 1), Origin.CLIENT, List.of(), 1, null)));
            assertThat(attempts).isEqualTo(2);
        }
    }

    private WindowFeed feed(LongSupplier nanoTime) {
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
        return new WindowFeed(new WindowLoader(window, primary, Clock.systemUTC(), time), properties, nanoTime);
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
