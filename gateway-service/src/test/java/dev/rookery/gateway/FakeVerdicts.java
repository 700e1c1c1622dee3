package dev.rookery.gateway;

import dev.rookery.event.Bytes32;
import dev.rookery.gateway.publish.VerdictSource;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.order.VerdictBatch;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An indexer's word, given by a test.
final class FakeVerdicts implements VerdictSource {

    private final AtomicLong seq = new AtomicLong();
    private volatile @Nullable Consumer<VerdictBatch> decided;
    volatile boolean connected = true;

    @Override
    public void start(Consumer<VerdictBatch> whenDecided) {
        decided = whenDecided;
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    void decide(Bytes32 id, Decision decision) {
        decide(new Position(1, seq.incrementAndGet()), id, decision);
    }

    void decide(Position at, Bytes32 id, Decision decision) {
        Objects.requireNonNull(decided).accept(new VerdictBatch(at, List.of(new VerdictBatch.Entry(id, decision))));
    }

    @Override
    public void close() {}
}
