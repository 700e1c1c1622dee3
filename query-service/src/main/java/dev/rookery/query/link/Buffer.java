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
/// The less is left, the smaller the shares: pages that are long in coming leave room for those of others. All of it
/// may be taken for pages that a slow database has still to bring. Whoever need not wait for those has to wait for the
/// transport alone. So what is there is exceeded by the shares of such requests, and by one more, or by an event that
/// is larger than its share.
final class Buffer {

    /// One request gets this part of what is left.
    private static final int PART = 64;

    /// But no less than this, if it wants as much: smaller pages cost more than they spare.
    private static final long LEAST = 16 << 10;

    private final Deque<Share> waiting = new ArrayDeque<>();
    private final Deque<Share> waitingForTransport = new ArrayDeque<>();
    private final AtomicInteger serving = new AtomicInteger();
    /// What does not wait for the transport.
    private long unwritten;
    /// For pages that have not come yet.
    private long taken;

    Buffer(long bytes) {
        this.unwritten = bytes;
    }

    /// Bytes that wait for the transport, whether there was room for them or not.
    synchronized void use(long bytes) {
        unwritten -= bytes;
    }

    void giveBack(long bytes) {
        synchronized (this) {
            unwritten += bytes;
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
        Share next = unwritten > 0 ? waitingForTransport.poll() : null;
        if (next == null && unwritten > taken) {
            next = waiting.poll();
        }
        if (next != null) {
            next.grant();
        }
        return next;
    }

    /// What one request has of it: nothing to begin with.
    final class Share implements AutoCloseable {

        private long wanted;
        private boolean waitsForPages;
        private long share;
        private boolean closed;
        private @Nullable MonoSink<Long> asking;

        /// How many bytes may be fetched, as soon as there is room. To be given back before it takes again.
        ///
        /// @param most          more is of no use
        /// @param waitsForPages whether it waits also for room that others have taken for pages still to come
        Mono<Long> take(long most, boolean waitsForPages) {
            return Mono.create(sink -> {
                if (takes(most, waitsForPages, sink)) {
                    tell();
                }
            });
        }

        void giveBack() {
            synchronized (Buffer.this) {
                taken -= share;
                share = 0;
            }
            serve();
        }

        /// What it has taken is given back, and it takes no more.
        @Override
        public void close() {
            synchronized (Buffer.this) {
                closed = true;
                queue().remove(this);
            }
            giveBack();
        }

        private boolean takes(long most, boolean alsoForPages, MonoSink<Long> sink) {
            synchronized (Buffer.this) {
                wanted = most;
                waitsForPages = alsoForPages;
                asking = sink;
                boolean now = room() > 0 && queue().isEmpty() && !closed;
                if (now) {
                    grant();
                } else if (!closed) {
                    queue().add(this);
                }
                return now;
            }
        }

        private Deque<Share> queue() {
            return waitsForPages ? waiting : waitingForTransport;
        }

        private long room() {
            return waitsForPages ? unwritten - taken : unwritten;
        }

        private void grant() {
            share = Math.min(wanted, Math.max(LEAST, room() / PART));
            taken += share;
        }

        private void tell() {
            MonoSink<Long> told;
            long bytes;
            synchronized (Buffer.this) {
                told = asking;
                bytes = share;
            }
            if (told != null) {
                told.success(bytes);
            }
        }
    }
}
