package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.HaltingIndexer.Step;
import dev.rookery.indexer.decision.TestDecider;
import dev.rookery.indexer.fixture.Reader;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An indexer is killed at each step between the commit of a batch and the last that it leaves to do, and one of the
/// batch's events is replaced before anybody else takes up what is left.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CrashIT {

    private static final long NOW = TestAuthor.NOW;
    private static final String GATEWAY = "gateway-c";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void isMadeGoodByAnother(Step step, TestKafka kafka, TestPostgres postgres, TestRedis redis) throws Exception {
        var own = new TestKafka(kafka.bootstrapServers(), kafka.named(step.name()));
        var servers = new RunningIndexer.Servers(own, postgres, redis);
        TestAuthor author = new TestAuthor(100 + step.ordinal());
        Event first = author.event(0, NOW, "first");
        Event second = author.event(0, NOW + 1, "second");
        Event third = author.event(0, NOW + 2, "third");
        Event expired = author.event(1, NOW, "", Tag.of("expiration", "1700000000"));
        List<Event> batch = List.of(
                author.event(1, NOW, "a"), second, author.event(1, NOW, "b"), expired, author.event(1, NOW, "c"));
        Store store = new Store(postgres);
        store.migrate();
        try (TestLog log = new TestLog(own);
                TestDecider other = new TestDecider(postgres, "other-" + step).placeAt(0, -1)) {
            Position begin = other.decide(first).at();
            store.run("update events.outbox set acknowledged = clock_timestamp()");
            batch.forEach(event -> log.index(event, GATEWAY));
            assertThat(halted(step, servers)).isEqualTo(HaltingIndexer.HALTED);
            assertThat(store.number("select seq from events.sequencer")).isEqualTo(begin.seq() + 4);
            assertThat(other.decide(third).at().seq()).isEqualTo(begin.seq() + 5);

            try (RunningIndexer indexer = RunningIndexer.start(servers)) {
                eventually("all is acknowledged", () -> unacknowledged(store) == 0);
                eventually("placed", () -> indexer.gauge("rookery.indexer.lanes.placed", "kind", "live") == 50);
                Event after = author.event(1, NOW, "after");
                log.index(after, GATEWAY);
                eventually("goes on", () -> status(store, after) == Decision.ACCEPTED);
                eventually("all is acknowledged", () -> unacknowledged(store) == 0);
                assertThat(indexer.counter("rookery.indexer.decisions", "decision", "accepted"))
                        .isEqualTo(1);
                assertThat(indexer.counter("rookery.indexer.decisions", "decision", "duplicate"))
                        .isZero();
            }
            List<BroadcastRecord> read = new Reader(begin).read(log);
            assertThat(read.stream().map(record -> record.position().seq()))
                    .containsExactly(
                            begin.seq() + 1,
                            begin.seq() + 2,
                            begin.seq() + 3,
                            begin.seq() + 4,
                            begin.seq() + 5,
                            begin.seq() + 6);
            assertThat(read.get(0).json()).isEqualTo(batch.get(0).json());
            assertThat(read.get(2).json()).isEqualTo(batch.get(2).json());
            assertThat(read.get(3).json()).isEqualTo(batch.get(4).json());
            assertThat(read.get(1).effects()).containsExactly(new Effect.Removed(first.id(), first.createdAt()));
            if (step.compareTo(Step.SOME_SENT) < 0) {
                assertThat(read.get(1).json())
                        .as("gone before it could be emitted")
                        .isNull();
            } else {
                assertThat(read.get(1).json()).isEqualTo(second.json());
            }
            assertThat(read.get(4).effects()).containsExactly(new Effect.Removed(second.id(), second.createdAt()));
        }
        assertThat(batch)
                .map(event -> status(store, event))
                .containsExactly(
                        Decision.ACCEPTED, Decision.ACCEPTED, Decision.ACCEPTED, Decision.EXPIRED, Decision.ACCEPTED);
    }

    /// The exit code of an indexer that halts at the step.
    private int halted(Step step, RunningIndexer.Servers servers) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HaltingIndexer.class.getName(),
                step.name(),
                "4"));
        Map<String, String> settings = RunningIndexer.settings(servers);
        command.addAll(List.of(RunningIndexer.arguments(settings)));
        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /// What a gateway is told that asks for the status of a record that has been decided.
    private static Decision status(Store store, Event event) {
        byte[] id = event.id().toBytes();
        List<Integer> refused = store.column(
                "select code::int from events.outbox, unnest(refused_ids, refused_codes) r (id, code) where id = ?",
                (Object) id);
        if (!refused.isEmpty()) {
            return Decision.ofCode(refused.getFirst());
        }
        boolean accepted =
                store.number("select count(*) from events.outbox where ? = any (accepted_ids)", (Object) id) == 1;
        return accepted ? Decision.ACCEPTED : Decision.UNKNOWN;
    }

    private static long unacknowledged(Store store) {
        return store.number("select count(*) from events.outbox where acknowledged is null");
    }
}
