package dev.rookery.query.window;

import java.util.concurrent.atomic.AtomicLong;

/// What is left to be given of answers: it stays in memory for as long as their readers take, though the window may
/// have let go of it meanwhile. Thread-safe.
public final class Unsent {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /// @param most bytes, of all answers together
    Unsent(long most) {
        this.most = most;
    }

    /// Bytes of all answers.
    long bytes() {
        return taken.get();
    }

    /// What is left of one answer.
    public final class Share {

        private long held;
        private boolean closed;

        /// False when there is no room for so much, or nobody reads the answer any more.
        public synchronized boolean take(long bytes) {
            if (closed) {
                return false;
            }
            if (taken.addAndGet(bytes) > most) {
                taken.addAndGet(-bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /// So much of it has been given.
        public synchronized void giveBack(long bytes) {
            if (!closed) {
                held -= bytes;
                taken.addAndGet(-bytes);
            }
        }

        /// Nothing more of it is given.
        public synchronized void close() {
            giveBack(held);
            closed = true;
        }
    }
}
