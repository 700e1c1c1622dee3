package dev.rookery.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import dev.rookery.signature.SchnorrSigner;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogRecordsTests {

    private static final Event EVENT = Event.of(new SchnorrSigner(key()), 1, 1, List.of(), "x");

    private final Topics topics = new Topics("test-");
    private final LogRecords records = new LogRecords(topics, new Seal("a secret of the suite"));
    private final LogRecords strangers = new LogRecords(topics, new Seal("another secret than that"));

    private static byte[] key() {
        byte[] key = new byte[32];
        key[0] = 1;
        return key;
    }

    @Test
    void carriesAnEventToItsDecision() {
        Origin origin = new Origin(false, true);

        IndexRecord read = records.readIndex(arrived(records.toIndex(EVENT, "gateway-1", origin), EVENT.json()));

        assertThat(read.gateway()).isEqualTo("gateway-1");
        assertThat(read.origin()).isEqualTo(origin);
        assertThat(read.json()).isEqualTo(EVENT.json());
        assertThat(read.sealed()).isTrue();
    }

    @Test
    void keepsAllEventsOfAnAuthorInOneLane() {
        assertThat(records.toIndex(EVENT, "a", Origin.CLIENT).partition())
                .isEqualTo(records.toIndex(EVENT, "b", Origin.CLIENT).partition())
                .isEqualTo(Topics.indexPartition(EVENT.pubkey()));
    }

    @Test
    void doesNotTakeARecordForSealedThatAStrangerWroteOrChanged() {
        var strange = strangers.toIndex(EVENT, "gateway-1", Origin.CLIENT);
        assertThat(records.readIndex(arrived(strange, EVENT.json())).sealed()).isFalse();

        byte[] changed = EVENT.json().clone();
        changed[changed.length - 5] ^= 1;
        var own = records.toIndex(EVENT, "gateway-1", Origin.CLIENT);
        assertThat(records.readIndex(arrived(own, changed)).sealed()).isFalse();

        var bare = new ProducerRecord<byte[], byte[]>(topics.index(), EVENT.json());
        assertThat(records.readIndex(arrived(bare, EVENT.json())).sealed()).isFalse();
    }

    @Test
    void carriesAnAcceptedEventWithItsPlaceAndEffects() {
        List<Effect> effects =
                List.of(new Effect.Removed(EVENT.id(), 5), new Effect.Vanished(EVENT.pubkey(), Long.MAX_VALUE));
        var accepted = new BroadcastRecord(new Position(2, 77), Origin.CLIENT, effects, 10002, EVENT.json());

        assertThat(read(accepted)).get().usingRecursiveComparison().isEqualTo(accepted);
    }

    @Test
    void carriesEffectsAloneAndEphemeralEventsWithoutAPlace() {
        var effectsAlone = new BroadcastRecord(new Position(1, 1), Origin.CLIENT, List.of(), 5, null);
        assertThat(read(effectsAlone)).get().usingRecursiveComparison().isEqualTo(effectsAlone);

        var ephemeral = BroadcastRecord.ephemeral(20001, EVENT.json());
        assertThat(read(ephemeral)).get().usingRecursiveComparison().isEqualTo(ephemeral);
        assertThat(ephemeral.isEphemeral()).isTrue();
    }

    @Test
    void ignoresABroadcastRecordOfAStranger() {
        var written = strangers.toBroadcast(BroadcastRecord.ephemeral(20001, EVENT.json()));

        assertThat(records.readBroadcast(arrived(written, EVENT.json()))).isEmpty();
    }

    @Test
    void ignoresABroadcastRecordThatAStrangerHasRepeatedInAnotherShape() {
        var written = records.toBroadcast(BroadcastRecord.ephemeral(20001, EVENT.json()));
        var misshapen = new ProducerRecord<>(
                written.topic(), written.partition(), new byte[1], EVENT.json(), written.headers());

        assertThat(records.readBroadcast(arrived(misshapen, EVENT.json()))).isEmpty();
    }

    private Optional<BroadcastRecord> read(BroadcastRecord record) {
        return records.readBroadcast(arrived(records.toBroadcast(record), record.json()));
    }

    private static ConsumerRecord<byte[], byte[]> arrived(
            ProducerRecord<byte[], byte[]> written, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                written.topic(),
                0,
                0,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                written.key(),
                value,
                written.headers(),
                Optional.empty());
    }
}
