package dev.rookery.indexer.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PatienceTests {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Patience patience = new Patience(meters);
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void triesAgainWhileAStoreIsOut() {
        String result = patience.untilDone(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new StoreUnavailableException("Test", new IllegalStateException("out"));
            }
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(meters.counter("rookery.indexer.outage.retries").count()).isEqualTo(2);
    }

    @Test
    void saysSoWhenItHasWaitedForSomeSeconds() throws Exception {
        AtomicBoolean out = new AtomicBoolean(true);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> patience.untilDone(() -> {
            if (out.get()) {
                throw new StoreUnavailableException("Test", new IllegalStateException("out"));
            }
        }));
        assertThat(patience.isWaiting()).as("at once").isFalse();
        Awaitility.await().until(patience::isWaiting);
        assertThat(meters.counter("rookery.indexer.outage.retries").count()).isGreaterThan(3);
        out.set(false);
        waiting.get();
        assertThat(patience.isWaiting()).as("afterwards").isFalse();
    }

    @Test
    void waitsForNothingOnceTheServiceIsStopped() throws Exception {
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> patience.untilDone(() -> {
            throw new StoreUnavailableException("Test", new IllegalStateException("out"));
        }));
        Awaitility.await().until(patience::isWaiting);
        patience.end();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(StoppedException.class);
        assertThat(patience.isWaiting()).isFalse();
    }

    @Test
    void passesOnEverythingElse() {
        StoreRefusedException refused = new StoreRefusedException(new IllegalStateException("bad data\nshown here"));
        assertThatThrownBy(() -> patience.untilDone(() -> {
                    throw refused;
                }))
                .isSameAs(refused)
                .hasMessage("bad data");
    }

    @Test
    void waitsForARepairOfWhateverItIs() {
        patience.untilRepaired("as this test wants it", () -> {
            if (attempts.incrementAndGet() < 2) {
                throw new IllegalStateException("a topic is not as declared");
            }
        });
        assertThat(attempts).hasValue(2);
    }

    @Test
    void endsWithTheService() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> patience.until(() -> {
            tried.countDown();
            return false;
        }));
        tried.await();
        patience.end();
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoppedException.class);
        assertThatThrownBy(patience::rest).isInstanceOf(StoppedException.class);
        assertThatThrownBy(() -> patience.untilRepaired("not told", () -> patience.rest()))
                .isInstanceOf(StoppedException.class);
    }
}
