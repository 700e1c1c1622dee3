package dev.rookery.indexer.verdict;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.decision.Judged;
import dev.rookery.order.Decision;
import dev.rookery.order.VerdictBatch;
import dev.rookery.topics.VerdictMessages;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tells each gateway what became of its events: one message for each gateway of a batch, after the commit.
///
/// Never waits. What Redis does not take is dropped and counted; a gateway that hears nothing asks for the status
/// itself.
public final class VerdictPublisher {

    private final RedisChannel redis;
    private final VerdictMessages messages;
    private final Counter published;
    private final Counter dropped;

    VerdictPublisher(RedisChannel redis, VerdictMessages messages, MeterRegistry meters) {
        this.redis = redis;
        this.messages = messages;
        published = meters.counter("rookery.indexer.verdicts.published");
        dropped = meters.counter("rookery.indexer.verdicts.dropped");
    }

    public void publish(Decided decided) {
        byGateway(decided).forEach((gateway, entries) -> {
            byte[] message = messages.write(gateway, new VerdictBatch(decided.at(), entries));
            redis.publish(messages.channel(gateway), message, taken -> {
                (taken ? published : dropped).increment(entries.size());
            });
        });
    }

    private static Map<String, List<VerdictBatch.Entry>> byGateway(Decided decided) {
        Map<String, List<VerdictBatch.Entry>> entries = new HashMap<>();
        for (Judged judged : decided.events()) {
            add(entries, judged.candidate(), judged.candidate().event().id(), judged.decision());
        }
        for (Candidate.Poisoned failed : decided.failed()) {
            failed.id().ifPresent(id -> add(entries, failed, id, Decision.FAILED));
        }
        return entries;
    }

    private static void add(
            Map<String, List<VerdictBatch.Entry>> entries, Candidate candidate, Bytes32 id, Decision decision) {
        if (!candidate.gateway().isEmpty()) {
            entries.computeIfAbsent(candidate.gateway(), gateway -> new ArrayList<>())
                    .add(new VerdictBatch.Entry(id, decision));
        }
    }
}
