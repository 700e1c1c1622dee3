package dev.rookery.gateway.publish;

import dev.rookery.order.VerdictBatch;
import java.util.function.Consumer;

/// Where verdicts come from by themselves: Redis, or another in tests.
public interface VerdictSource extends AutoCloseable {

    /// @param decided told each batch, on a thread that must not be kept
    void start(Consumer<VerdictBatch> decided);

    /// Whether verdicts can be expected to arrive now.
    boolean isConnected();

    @Override
    void close();
}
