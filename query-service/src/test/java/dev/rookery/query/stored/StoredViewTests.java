package dev.rookery.query.stored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.link.LinkFrame.Failure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Statement;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/// What is said of a server, in a time that a test makes pass, when it does not answer or is not even asked.
@Timeout(60)
class StoredViewTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final List<Sinks.One<Connection>> waiting = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final StoredView view = new StoredView(
            "primary", new Pool(), new StoredView.Bounds(10, Duration.ofSeconds(7)), new SimpleMeterRegistry());

    @AfterEach
    void leaveTime() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void isNotGoneWhenOthersHaveAllItsConnectionsForTooLong() {
        ask();
        time.advanceTimeBy(Duration.ofSeconds(4));
        ask();
        waiting.get(1).tryEmitValue(silent());

        time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(failures).containsExactly(Failure.OVERLOADED);
        assertThat(waiting.getFirst().currentSubscriberCount())
                .as("who still waits")
                .isZero();
        assertThat(view.isFailing()).isFalse();

        time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(failures).containsExactly(Failure.OVERLOADED, Failure.UNAVAILABLE);
        assertThat(view.isFailing()).isTrue();
    }

    @Test
    void isGoneWhenNobodyGetsAConnection() {
        ask();
        time.advanceTimeBy(Duration.ofSeconds(8));

        assertThat(failures).containsExactly(Failure.UNAVAILABLE);
        assertThat(view.isFailing()).isTrue();
    }

    /// Those who have the connections ask in vain too.
    @Test
    void isGoneForThoseWhoWaitOnceItHasNotAnswered() {
        ask();
        waiting.getFirst().tryEmitValue(silent());
        time.advanceTimeBy(Duration.ofSeconds(8));
        ask();
        ask();
        waiting.getLast().tryEmitValue(silent());
        time.advanceTimeBy(Duration.ofSeconds(8));

        assertThat(failures).hasSize(3).containsOnly(Failure.UNAVAILABLE);
    }

    @Test
    void letsAStatementTakeItsTimeHoweverLongItHasWaited() {
        ask();
        time.advanceTimeBy(Duration.ofSeconds(6));
        waiting.getFirst().tryEmitValue(silent());
        time.advanceTimeBy(Duration.ofSeconds(6));

        assertThat(failures).isEmpty();
    }

    private void ask() {
        view.ask(Calls.position()).subscribe(read -> {}, failure -> failures.add(((QueryFailure) failure).failure()));
    }

    /// A connection whose statements are never answered.
    private static Connection silent() {
        Statement statement = fake(Statement.class, Mono.never());
        return fake(Connection.class, statement);
    }

    /// One that answers whatever it is asked by this, but is closed at once.
    private static <T> T fake(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getName().equals("close") ? Mono.empty() : answer));
    }

    /// Gives connections when the test does.
    private final class Pool implements ConnectionFactory {

        @Override
        public Publisher<Connection> create() {
            return Mono.defer(() -> {
                waiting.add(Sinks.one());
                return waiting.getLast().asMono();
            });
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "pool";
        }
    }
}
