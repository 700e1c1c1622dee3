package dev.rookery.indexer.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.indexer.fixture.TestLog;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.kafka.KafkaProperties;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Placement on real servers, with a consumer that does as it is told.
@ExtendWith({KafkaExtension.class, PostgresExtension.class})
@Timeout(120)
class PlacementIT {

    private static final TestAuthor AUTHOR = new TestAuthor(1);
    private static final String DECIDED =
            "select decided from events.progress where partition = " + Topics.indexPartition(AUTHOR.key());

    private Store store;
    private TestLog log;
    private KafkaClients clients;
    private Admin admin;
    private Admin rival;
    private PostgresSession session;
    private TopicPartition lane;
    private final List<Long> decidedWhenTold = new ArrayList<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean moving = new AtomicBoolean();

    /// The lane holds five records, of which the table has decided none.
    @BeforeEach
    void connect(TestKafka kafka, TestPostgres postgres) {
        store = new Store(postgres);
        store.migrate();
        store.run("truncate events.progress");
        TestKafka own = new TestKafka(kafka.bootstrapServers(), kafka.named("p" + System.nanoTime()));
        log = new TestLog(own);
        for (int i = 0; i < 5; i++) {
            log.index(AUTHOR.note("number " + i), "gateway");
        }
        lane = new TopicPartition(log.topics.index(), Topics.indexPartition(AUTHOR.key()));
        clients = new KafkaClients(new KafkaProperties(
                List.of(kafka.bootstrapServers()),
                own.prefix() + ".",
                1,
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Map.of()));
        admin = clients.admin();
        rival = rival(admin);
        session = store.server().session("test");
        consumer.assign(List.of(lane));
    }

    @AfterEach
    void disconnect() {
        session.close();
        admin.close();
        log.close();
    }

    private final Lanes lanes = new Lanes();

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration within) {
            decidedWhenTold.add(decided());
            if (failing.get()) {
                throw new KafkaException("not now");
            }
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            if (failing.get()) {
                throw new IllegalStateException("a bug");
            }
            super.seek(partition, offset);
        }
    };

    /// While the log is asked, and so between the table's two turns, somebody moves the lane.
    private Admin rival(Admin real) {
        return (Admin) Proxy.newProxyInstance(
                PlacementIT.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (moving.get() && method.getName().equals("listConsumerGroupOffsets")) {
                        store.run("update events.progress set decided = decided + 1");
                    }
                    return method.invoke(real, arguments);
                });
    }

    private LanePlacement placement() {
        var meters = new SimpleMeterRegistry();
        var sources = new LanePlaces.Sources(
                new ProgressTable(session),
                new LaneProbe(clients, rival, clients.group()),
                new HighestEmitted(clients, log.topics, log.records),
                log.topics);
        PlacementMeters shown = new PlacementMeters(meters, "live");
        LanePlaces places = new LanePlaces(sources, new HighestSeen(), shown);
        return new LanePlacement(places, lanes, new Patience(meters), shown);
    }

    @Test
    void saysWhichLanesThereAreBeforeAnyIsPlaced() {
        LanePlacement placement = placement();
        assertThat(placement.isPlaced()).isFalse();
        placement.onPartitionsAssigned(consumer, consumer.assignment());
        assertThat(placement.isPlaced()).isTrue();
        assertThat(store.number("select sum(partitions) from events.lane_topic"))
                .isEqualTo(60);
        store.run("update events.progress set catch_up_to = 0");
        assertThat(store.<Boolean>column("select events.catching_up()"))
                .as("the other lanes are not placed")
                .containsExactly(true);
    }

    /// Another indexer has the lanes by now and moves them all the time. Only a poll can tell this one.
    @Test
    void leavesLanesThatAreMovedFasterThanTheyCanBeLookedUp() {
        LanePlacement placement = placement();
        placement.onPartitionsAssigned(consumer, consumer.assignment());
        moving.set(true);
        placement.placeAgain(consumer);
        assertThat(placement.isDoubtful()).isTrue();
        assertThat(placement.isPlaced()).isFalse();
        assertThat(lanes.count()).as("nothing is decided from them").isZero();
        moving.set(false);
        placement.check(consumer);
        assertThat(placement.isDoubtful()).isFalse();
        assertThat(lanes.count()).isOne();
    }

    /// The group is told once a second at most; what this indexer decided since then is known to itself alone.
    @Test
    void remembersWhatItDecidedItself() {
        LanePlacement placement = placement();
        placement.onPartitionsAssigned(consumer, consumer.assignment());
        long epoch = epoch();
        decide(4);
        placement.placeAgain(consumer);
        assertThat(epoch()).as("all is well").isEqualTo(epoch);
        store.run("update events.progress set decided = 3");
        placement.suspend(consumer);
        placement.placeAgain(consumer);
        assertThat(epoch()).as("the table has gone back").isGreaterThan(epoch);
        assertThat(decidedWhenTold).as("told when the table knew").containsExactly(3L);
    }

    /// Else its end in between would leave offsets that look as if the table had gone back.
    @Test
    void setsTheGroupBackBeforeTheTableWhereALaneDoesNotFit() throws Exception {
        LanePlacement placement = placement();
        placement.onPartitionsAssigned(consumer, consumer.assignment());
        long epoch = epoch();
        store.run("update events.progress set decided = 100");
        admin.alterConsumerGroupOffsets(clients.group(), Map.of(lane, new OffsetAndMetadata(100)))
                .all()
                .get();
        failing.set(true);
        assertThatThrownBy(() -> placement.placeAgain(consumer)).hasMessage("a bug");
        assertThat(decided()).as("while the group cannot be told").isEqualTo(100);
        failing.set(false);
        placement.placeAgain(consumer);
        assertThat(decidedWhenTold).containsExactly(100L, 100L);
        assertThat(decided()).isZero();
        assertThat(epoch()).isEqualTo(epoch);
    }

    /// A lane that comes says nothing of those that are here.
    @Test
    void placesThoseItHasAnewWhenOthersCome() {
        LanePlacement placement = placement();
        placement.onPartitionsAssigned(consumer, consumer.assignment());
        decide(4);
        placement.doubt();
        TopicPartition other = new TopicPartition(log.topics.index(), (lane.partition() + 1) % 20);
        consumer.assign(List.of(lane, other));
        placement.onPartitionsAssigned(consumer, List.of(other));
        assertThat(consumer.position(lane)).isEqualTo(4);
        assertThat(consumer.position(other)).isZero();
        assertThat(lanes.count()).isEqualTo(2);
        assertThat(placement.isPlaced()).isTrue();
        assertThat(placement.isDoubtful()).isFalse();
    }

    @Test
    void isDoubtfulAfterAPlacementThatFailed() {
        LanePlacement placement = placement();
        failing.set(true);
        assertThatThrownBy(() -> placement.onPartitionsAssigned(consumer, consumer.assignment()))
                .hasMessage("a bug");
        assertThat(placement.isDoubtful()).isTrue();
        assertThat(placement.isPlaced()).isFalse();
        failing.set(false);
        placement.check(consumer);
        assertThat(placement.isDoubtful()).isFalse();
        assertThat(placement.isPlaced()).isTrue();
    }

    private void decide(long upTo) {
        store.run("update events.progress set decided = ?", upTo);
        LaneRow row = lanes.rows().get(lane);
        lanes.place(lane, new LaneRow(row.topicId(), upTo, -1, null));
    }

    private long decided() {
        return store.number(DECIDED);
    }

    private long epoch() {
        return store.number("select epoch from events.sequencer");
    }
}
