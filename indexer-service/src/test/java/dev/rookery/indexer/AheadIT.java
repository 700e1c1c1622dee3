package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is prepared takes many times the room of its record, so little of it is kept.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AheadIT {

    private static final int VERSIONS = 60;

    private final TestAuthor alice = new TestAuthor(1);
    private final AtomicInteger ahead = new AtomicInteger();
    private final AtomicInteger mostAhead = new AtomicInteger();

    /// Versions of one address are each a batch, and the first record of the next says where one ends.
    @Test
    void preparesNoMoreThanTheNextBatchNeeds(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        Store store = new Store(postgres);
        store.migrate();
        try (TestLog log = new TestLog(kafka)) {
            for (int version = 0; version < VERSIONS; version++) {
                log.index(alice.event(0, TestAuthor.NOW + version, ""), "gateway");
            }
            try (RunningIndexer indexer = RunningIndexer.start(
                    new RunningIndexer.Servers(kafka, postgres, redis),
                    Map.of(),
                    Planted.in(Planted.LIVE, this::counting))) {
                eventually(
                        "all are decided",
                        () -> indexer.counter("rookery.indexer.decisions", "decision", "accepted") == VERSIONS);
            }
        }
        assertThat(mostAhead).hasValue(2);
    }

    private IndexListener.Steps counting(IndexListener.Steps steps) {
        return new IndexListener.Steps(
                record -> {
                    mostAhead.accumulateAndGet(ahead.incrementAndGet(), Math::max);
                    return steps.preparation().apply(record);
                },
                steps.cutter(),
                steps.deadLetters(),
                (batch, moves) -> {
                    ahead.addAndGet(-batch.size());
                    return steps.sequencer().apply(batch, moves);
                },
                steps.verdicts(),
                steps.emission(),
                steps.groupOffsets());
    }
}
