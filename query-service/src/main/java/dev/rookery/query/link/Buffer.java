package dev.rookery.query.link;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// The room for what waits to be written on one link, shared by its requests. Each takes some before it fetches a page,
/// and gives it back when the page's frames wait for the transport, where they are counted themselves. Thread-safe;
/// who waits is served in order.
///
/// The less is left, the smaller the shares: pages that are long in coming leave room for those of others. What is
/// there is exceeded by one share at most, or by an event that is larger than its share.
final class Buffer {

    /// One request gets this part of what is left.
    private static final int PART = 64;

    /// But no less than this, if it wants as much: smaller pages cost more than they spare.
    private static final long LEAST = 16 << 10;

    private final Deque<Share> waiting = new ArrayDeque<>();
    private final AtomicInteger serving = new AtomicInteger();
    private long left;

    Buffer(long bytes) {
        this.left = bytes;
    }

    /// Bytes that wait for the transport, whether there was room for them or not.
    synchronized void use(long bytes) {
        left -= bytes;
    }

    void giveBack(long bytes) {
        synchronized (this) {
            left += bytes;
        }
        serve();
    }

    /// One after the other, also where one that is served gives back at once.
    private void serve() {
        if (serving.getAndIncrement() > 0) {
            return;
        }
        int served = 1;
        do {
            for (Share next = next(); next != null; next = next()) {
                next.tell();
            }
            served = serving.addAndGet(-served);
        } while (served != 0);
    }

    private synchronized @Nullable Share next() {
        Share next = left > 0 ? waiting.poll() : null;
        if (next != null) {
            next.grant();
        }
        return next;
    }

    /// What one request has of it: nothing to begin with.
    final class Share implements AutoCloseable {

        private long wanted;
        private long taken;
        private boolean closed;
        private @Nullable MonoSink<Long> asking;

        /// How many bytes may be fetched, as soon as there is room. To be given back before it takes again.
        ///
        /// @param most more is of no use
        Mono<Long> take(long most) {
            return Mono.create(sink -> {
                if (takes(most, sink)) {
                    tell();
                }
            });
        }

        void giveBack() {
            Buffer.this.giveBack(given());
        }

        /// What it has taken is given back, and it takes no more.
        @Override
        public void close() {
            synchronized (Buffer.this) {
                closed = true;
                waiting.remove(this);
            }
            giveBack();
        }

        private boolean takes(long most, MonoSink<Long> sink) {
            synchronized (Buffer.this) {
                wanted = most;
                asking = sink;
                boolean now = left > 0 && waiting.isEmpty() && !closed;
                if (now) {
                    grant();
                } else if (!closed) {
                    waiting.add(this);
                }
                return now;
            }
        }

        private void grant() {
            taken = Math.min(wanted, Math.max(LEAST, left / PART));
            left -= taken;
        }

        private void tell() {
            MonoSink<Long> told;
            long bytes;
            synchronized (Buffer.this) {
                told = asking;
                bytes = taken;
            }
            if (told != null) {
                told.success(bytes);
            }
        }

        private long given() {
            synchronized (Buffer.this) {
                long bytes = taken;
                taken = 0;
                return bytes;
            }
        }
    }
}
