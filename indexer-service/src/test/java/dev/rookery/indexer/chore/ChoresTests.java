package dev.rookery.indexer.chore;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChoresTests {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void isDoneAgainAndAgain() {
        Chore chore = new Chore("counting", Duration.ofMillis(1), done::incrementAndGet);
        Chores chores = new Chores("chores", List.of(chore), meters);
        assertThat(chores.works(chore)).as("before it was done").isFalse();
        chores.start();
        eventually("done", () -> done.get() > 2 && chores.works(chore));
        chores.stop();
    }

    /// Whatever it failed with: an error would otherwise end it without a word.
    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
    void isDoneAgainAfterItFailed(Class<? extends Throwable> type) throws ReflectiveOperationException {
        failure.set(type.getConstructor().newInstance());
        Chore chore = new Chore("failing", Duration.ofMillis(1), this::failOrCount);
        Chores chores = new Chores("chores", List.of(chore), meters);
        chores.start();
        eventually("failed", () -> failures() > 2 && !chores.works(chore));
        failure.set(null);
        eventually("done", () -> done.get() > 0 && chores.works(chore));
        chores.stop();
    }

    private void failOrCount() {
        switch (failure.get()) {
            case null -> done.incrementAndGet();
            case RuntimeException unchecked -> throw unchecked;
            case Throwable error -> throw (Error) error;
        }
    }

    private double failures() {
        return meters.counter("rookery.indexer.chores.failures").count();
    }
}
