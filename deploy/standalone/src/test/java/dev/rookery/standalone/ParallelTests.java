package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ParallelTests {

    @Test
    void runsAllSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Steps.Action meet = () -> {
            both.countDown();
            both.await();
        };

        Parallel.run(List.of(meet, meet));
    }

    @Test
    void awaitsAllAndThrowsTheFirstFailure() {
        AtomicBoolean done = new AtomicBoolean();
        IOException first = new IOException("first");

        assertThatThrownBy(() -> Parallel.run(List.of(
                        () -> {
                            throw first;
                        },
                        () -> done.set(true),
                        () -> {
                            throw new IllegalStateException("second");
                        })))
                .isSameAs(first)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(done).isTrue();
    }
}
