package dev.rookery.indexer;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.indexer.fixture.TestVerdicts;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What one indexer leaves is taken up by the next: where it stopped, what it had not emitted, and what does not
/// fit.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RestartIT {

    private static final String GATEWAY = "gateway-r";
    private static final TestAuthor AUTHOR = new TestAuthor(1);

    private RunningIndexer.Servers servers;
    private Store store;
    private TestLog log;
    private TestVerdicts verdicts;
    private int created;

    @BeforeEach
    void connect(TestKafka kafka, TestPostgres postgres, TestRedis redis) {
        servers = new RunningIndexer.Servers(kafka, postgres, redis);
        store = new Store(postgres);
        store.migrate();
        log = new TestLog(kafka);
        verdicts = new TestVerdicts(redis, log.topics, GATEWAY);
        created = (int) System.nanoTime();
    }

    @AfterEach
    void disconnect() {
        log.close();
        verdicts.close();
    }

    @Test
    void goesOnWhereItStoppedAndDecidesNothingTwice() {
        List<Event> events = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            events.addAll(indexed(20));
            try (RunningIndexer indexer = start()) {
                events.addAll(indexed(20));
                awaitAccepted(events);
                assertThat(decided(indexer, "accepted")).isEqualTo(40);
                assertThat(decided(indexer, "duplicate")).isZero();
            }
        }
        eventually("emission", () -> emissionsOf(events) == events.size());
        assertThat(store.number("select count(*) from events.outbox where acknowledged is null"))
                .isZero();
    }

    /// The indexer that decided is gone before it has told anyone: its rows are all there is.
    @Test
    void emitsWhatAnotherIndexerCouldNot() {
        List<Event> events = indexed(5);
        try (RunningIndexer indexer = start()) {
            awaitAccepted(events);
        }
        List<Long> seqs = store.column("select seq from events.identity order by seq desc limit 5");
        long gone = seqs.getFirst();
        store.run("update events.outbox set acknowledged = null, claimed_until = now(), created = now(),"
                + " effects[1] = '\\x01' || sha256('some id') || int8send(7) where last_seq = " + gone);
        store.run("delete from events.event where seq = " + gone);
        long before = emissions(gone).size();

        try (RunningIndexer indexer = start()) {
            eventually("leftover", () -> emissions(gone).size() > before);
            eventually(
                    "acknowledgement",
                    () -> store.number("select count(*) from events.outbox where acknowledged is null") == 0);
        }
        BroadcastRecord leftover = emissions(gone).getLast();
        assertThat(leftover.json()).as("the event is gone").isNull();
        assertThat(leftover.kind()).isEqualTo(1);
        assertThat(leftover.effects()).hasSize(gone == firstOfItsBatch(gone) ? 1 : 0);
        assertThat(emissions(gone)).allMatch(record -> record.position().equals(leftover.position()));
    }

    @Test
    void doesNotSwallowRecordsOfALogThatIsBehindTheDatabase() {
        List<Event> known = decideAndStop(3);
        long end = store.number("select max(decided) from events.progress");
        store.run("update events.progress set decided = decided + 100 where decided = " + end);

        try (RunningIndexer indexer = start()) {
            List<Event> fresh = indexed(3);
            awaitAccepted(fresh);
            assertThat(misfits(indexer, "LOG_BEHIND")).isEqualTo(1);
            eventually("what was known is counted", () -> decided(indexer, "duplicate") >= 3);
        }
        assertThat(emissionsOf(known)).isEqualTo(3);
    }

    @Test
    void startsATopicThatWasMadeAgainFromItsStart() {
        decideAndStop(3);
        store.run("update events.progress set topic_id = ?", UUID.randomUUID());
        try (RunningIndexer indexer = start()) {
            awaitAccepted(indexed(1));
            assertThat(misfits(indexer, "TOPIC_RECREATED")).isEqualTo(1);
            eventually("what was known is counted", () -> decided(indexer, "duplicate") > 0);
        }
    }

    @Test
    void startsALaneFromTheLogsStartWhenItsLastRecordIsAnother() {
        decideAndStop(3);
        store.run("update events.progress set last_digest = sha256('another') where decided > 0");
        try (RunningIndexer indexer = start()) {
            awaitAccepted(indexed(1));
            assertThat(misfits(indexer, "OTHER_RECORDS")).isEqualTo(1);
            eventually("what was known is counted", () -> decided(indexer, "duplicate") > 0);
        }
    }

    /// Each of the two witnesses alone: what was emitted, and what the group was told.
    @ParameterizedTest
    @EnumSource(Witness.class)
    void beginsANewEpochOnADatabaseThatWentBack(Witness witness, TestKafka kafka) throws Exception {
        Event lost = decideAndStop(3).getLast();
        long epoch = store.number("select epoch from events.sequencer");
        long seq = store.number("select seq from events.sequencer");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            witness.silenceTheOther(admin, log, kafka.prefix() + ".indexer-service");
        }
        for (String table : List.of("event", "tag", "identity")) {
            store.run(
                    "delete from events.%s where id = ?".formatted(table),
                    lost.id().toBytes());
        }
        store.run("update events.sequencer set seq = seq - 1");
        store.run("update events.progress set decided = decided - 1, last_digest = '' where decided > 0");

        try (RunningIndexer indexer = start()) {
            awaitAccepted(List.of(lost));
            assertThat(store.number("select epoch from events.sequencer")).isGreaterThan(epoch);
            assertThat(store.number("select seq from events.sequencer")).isEqualTo(seq);
            eventually(
                    "caught up",
                    () -> store.<Boolean>column("select not events.catching_up()")
                            .getFirst());
        }
    }

    /// An epoch begins while lanes are quiet, those of the other topic first: each of them is placed in it all the
    /// same, or no answer would ever be complete again.
    @Test
    void placesQuietLanesInAnEpochThatBeganWithOthers() {
        decideAndStop(1);
        try (RunningIndexer indexer = start()) {
            awaitAccepted(indexed(1));
            eventually("placed", () -> lanesOfTheEpoch() == 60);
            store.run("update events.sequencer set system_identifier = system_identifier + 1");
            awaitAccepted(indexed(1));
            eventually("all lanes are placed again", () -> lanesOfTheEpoch() == 60);
            eventually(
                    "caught up",
                    () -> store.<Boolean>column("select not events.catching_up()")
                            .getFirst());
            assertThat(indexer.counter("rookery.indexer.epochs.begun")).isEqualTo(1);
        }
    }

    private long lanesOfTheEpoch() {
        return store.number("select count(*) from events.progress p, events.sequencer s where p.epoch = s.epoch");
    }

    private enum Witness {
        EMITTED {
            @Override
            void silenceTheOther(Admin admin, TestLog log, String group) throws Exception {
                Map<TopicPartition, OffsetAndMetadata> nothing = new HashMap<>();
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .keySet()
                        .forEach(lane -> nothing.put(lane, new OffsetAndMetadata(0)));
                admin.alterConsumerGroupOffsets(group, nothing).all().get();
            }
        },
        GROUP {
            @Override
            void silenceTheOther(Admin admin, TestLog log, String group) throws Exception {
                Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
                for (int partition = 0; partition < Topics.BROADCAST_PARTITIONS; partition++) {
                    all.put(new TopicPartition(log.topics.broadcast(), partition), RecordsToDelete.beforeOffset(-1));
                }
                admin.deleteRecords(all).all().get();
            }
        };

        abstract void silenceTheOther(Admin admin, TestLog log, String group) throws Exception;
    }

    private List<Event> decideAndStop(int count) {
        List<Event> events = indexed(count);
        try (RunningIndexer indexer = start()) {
            awaitAccepted(events);
            eventually("emission", () -> emissionsOf(events) == count);
            eventually(
                    "the group is told",
                    () -> groupOffset() == store.number("select max(decided) from events.progress"));
        }
        return events;
    }

    /// Of the one lane that is used.
    private long groupOffset() {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            return admin
                    .listConsumerGroupOffsets(servers.kafka().prefix() + ".indexer-service")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .max()
                    .orElse(-1);
        } catch (ExecutionException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private RunningIndexer start() {
        return RunningIndexer.start(servers);
    }

    private List<Event> indexed(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    Event event = AUTHOR.note("number " + created++);
                    log.index(event, GATEWAY);
                    return event;
                })
                .toList();
    }

    private void awaitAccepted(List<Event> events) {
        eventually(
                "stored",
                () -> events.stream()
                        .allMatch(event -> store.number(
                                        "select count(*) from events.identity where id = ?",
                                        event.id().toBytes())
                                == 1));
    }

    private long emissionsOf(List<Event> events) {
        List<String> wanted = events.stream().map(Event::toString).toList();
        return log.emitted().stream()
                .filter(record -> record.json() != null && wanted.contains(new String(record.json())))
                .count();
    }

    private List<BroadcastRecord> emissions(long seq) {
        return log.emitted().stream()
                .filter(record -> record.position().seq() == seq)
                .toList();
    }

    private long firstOfItsBatch(long seq) {
        return store.number("select first_seq from events.outbox where last_seq = " + seq);
    }

    private static double decided(RunningIndexer indexer, String decision) {
        return indexer.bean(MeterRegistry.class)
                .counter("rookery.indexer.decisions", "decision", decision)
                .count();
    }

    private static double misfits(RunningIndexer indexer, String reason) {
        return indexer.bean(MeterRegistry.class)
                .counter("rookery.indexer.lanes.misfits", "reason", reason)
                .count();
    }
}
