package dev.rookery.gateway.session;

import dev.rookery.event.Bytes32;
import dev.rookery.message.Verdict;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Brings verdicts from any thread to a connection's event loop, all that have gathered with one task; in the order
/// added.
final class Answers {

    private final Executor loop;
    private final BiConsumer<Bytes32, Verdict> tell;
    private final AtomicReference<@Nullable Answer> latest = new AtomicReference<>();

    private record Answer(
            Bytes32 id, Verdict verdict, @Nullable Answer before) {}

    /// @param tell called on the loop
    Answers(Executor loop, BiConsumer<Bytes32, Verdict> tell) {
        this.loop = loop;
        this.tell = tell;
    }

    void add(Bytes32 id, Verdict verdict) {
        Answer before = latest.get();
        while (!latest.compareAndSet(before, new Answer(id, verdict, before))) {
            before = latest.get();
        }
        if (before == null) {
            loop.execute(this::tellAll);
        }
    }

    private void tellAll() {
        Answer reversed = null;
        for (Answer answer = latest.getAndSet(null); answer != null; answer = answer.before()) {
            reversed = new Answer(answer.id(), answer.verdict(), reversed);
        }
        for (Answer answer = reversed; answer != null; answer = answer.before()) {
            tell.accept(answer.id(), answer.verdict());
        }
    }
}
