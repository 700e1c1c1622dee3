package dev.rookery.indexer.outage;

import java.util.function.IntFunction;

/// How much is asked of PostgreSQL at once by who works something off: half as much after a chunk took longer than a
/// transaction may, and little by little more again. One thread.
public final class ChunkSize {

    private final int most;
    private int size;

    public ChunkSize(int most) {
        this.most = most;
        this.size = most;
    }

    /// @param question is given the size
    /// @throws StoreUnavailableException as the question does; after a time-out the next one is about less
    public <T> T ask(IntFunction<T> question) {
        try {
            T answer = question.apply(size);
            size = Math.min(most, size + size / 8 + 1);
            return answer;
        } catch (StoreUnavailableException outage) {
            if (outage.isOutOfTime()) {
                size = Math.max(1, size / 2);
            }
            throw outage;
        }
    }
}
