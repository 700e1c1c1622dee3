package dev.rookery.gateway.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A few threads of their own that check signatures. What waits is bounded, and taken in batches, so that a thread
/// which has work is not woken for more.
final class SignatureBench implements AutoCloseable {

    private static final int MOST_AT_ONCE = 32;

    private final TransferQueue<Submission> queue = new LinkedTransferQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int capacity;
    private final Consumer<Submission> work;
    private final int threadCount;
    private final List<Thread> threads = new ArrayList<>();

    /// @param work checks one signature and sees to what follows from it, on the bench's threads; must not throw
    SignatureBench(int threadCount, int capacity, Consumer<Submission> work) {
        this.capacity = capacity;
        this.work = work;
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
        return queue.offer(submission);
    }

    int waiting() {
        return waiting.get();
    }

    private void work() {
        List<Submission> batch = new ArrayList<>(MOST_AT_ONCE);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, Math.min(MOST_AT_ONCE - 1, waiting.get() / threadCount));
                waiting.addAndGet(-batch.size());
                batch.forEach(work);
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
