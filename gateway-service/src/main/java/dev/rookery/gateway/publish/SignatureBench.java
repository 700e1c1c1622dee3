package dev.rookery.gateway.publish;

import dev.rookery.message.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A few threads of their own that check signatures. What waits is bounded, and taken in batches, so that a thread
/// which has work is not woken for more.
///
/// All threads check whatever comes next; what has been checked goes on in the order in which its author's events came
/// in.
final class SignatureBench implements AutoCloseable {

    private static final int MOST_AT_ONCE = 32;

    private final TransferQueue<AuthorOrder.Place> queue = new LinkedTransferQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int capacity;
    private final Check check;
    private final AuthorOrder order;
    private final int threadCount;
    private final List<Thread> threads = new ArrayList<>();

    /// What the threads do.
    @FunctionalInterface
    interface Check {

        /// Must not throw.
        ///
        /// @return null when the signature is good
        Verdict.@Nullable Refused refuse(Submission submission);
    }

    /// @param next hears of each event once it is checked, on one of the bench's threads
    SignatureBench(int threadCount, int capacity, Check check, AuthorOrder.Next next) {
        this.capacity = capacity;
        this.check = check;
        this.order = new AuthorOrder((submission, refusal) -> {
            waiting.decrementAndGet();
            next.checked(submission, refusal);
        });
        this.threadCount = threadCount;
        for (int i = 1; i <= threadCount; i++) {
            threads.add(
                    Thread.ofPlatform().daemon().name("gateway-signatures-" + i).start(this::work));
        }
    }

    /// False when too many wait already. Never blocks, because event loops call it: the queue has no lock.
    boolean submit(Submission submission) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            return false;
        }
        return queue.offer(order.enter(submission));
    }

    /// Those submitted that have not gone on.
    int waiting() {
        return waiting.get();
    }

    private void work() {
        List<AuthorOrder.Place> batch = new ArrayList<>(MOST_AT_ONCE);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, Math.min(MOST_AT_ONCE - 1, waiting.get() / threadCount));
                batch.forEach(place -> place.checked(check.refuse(place.submission())));
                batch.clear();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// What still waits is not checked any more.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
