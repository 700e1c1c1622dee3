package dev.rookery.indexer.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.indexer.fixture.RunningIndexer;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PreparationTests {

    private static final long NOW = TestAuthor.NOW;
    private static final Topics TOPICS = new Topics("");
    private static final LogRecords LOG = new LogRecords(TOPICS, new Seal(RunningIndexer.SECRET));
    private static final LogRecords STRANGER = new LogRecords(TOPICS, new Seal("another secret altogether"));

    private final TestAuthor alice = new TestAuthor(1);
    private final AtomicInteger verified = new AtomicInteger();
    private boolean signatureIsGood = true;
    private final Preparation preparation = new Preparation(
            LOG,
            (id, key, signature) -> {
                verified.incrementAndGet();
                return signatureIsGood;
            },
            new DeletionTargets(Set.of()));

    @Test
    void trustsTheSealInPlaceOfTheSignature() {
        signatureIsGood = false;
        Event event = alice.event(1, NOW, "", Tag.of("t", "x"));
        Candidate.Sound sound = sound(LOG.toIndex(event, "gateway", new Origin(false, true)));
        assertThat(verified).hasValue(0);
        assertThat(sound.event()).isEqualTo(event);
        assertThat(sound.gateway()).isEqualTo("gateway");
        assertThat(sound.origin()).isEqualTo(new Origin(false, true));
        assertThat(sound.tagHashes()).containsExactly(TagHash.of('t', "x"));
        assertThat(sound.address()).isNull();
        assertThat(sound.recipient()).isNull();
    }

    /// They may take many times the room of the record, and it waits beside others.
    @Test
    void keepsNoDecodedTags() throws ReflectiveOperationException {
        Event event = sound(LOG.toIndex(
                        alice.event(5, NOW, "", Tag.of("e", alice.note("").id().toString()), Tag.of("t", "x")),
                        "",
                        Origin.CLIENT))
                .event();
        Field tags = Event.class.getDeclaredField("tags");
        tags.setAccessible(true);
        assertThat(tags.get(event)).isNull();
    }

    @Test
    void verifiesTheSignatureOfARecordThatAStrangerSealed() {
        Event event = alice.note("");
        assertThat(sound(STRANGER.toIndex(event, "", Origin.CLIENT)).event()).isEqualTo(event);
        assertThat(verified).hasValue(1);
        signatureIsGood = false;
        assertThat(poisoned(STRANGER.toIndex(event, "g", Origin.CLIENT)))
                .isEqualTo("neither sealed by this suite nor signed by its author");
    }

    @Test
    void computesTheIdAgainEvenOfASealedRecord() {
        Event event = alice.note("the content");
        String altered = new String(event.json(), UTF_8).replace("the content", "xhe content");
        var record = LOG.toIndex(event, "", Origin.CLIENT);
        assertThat(poisoned(new ProducerRecord<>(
                        record.topic(), 0, record.key(), altered.getBytes(UTF_8), record.headers())))
                .isEqualTo("the id is not the hash of the event");
    }

    @Test
    void refusesWhatIsNoEventAndWhatIsNotStored() {
        assertThat(poisoned(new ProducerRecord<>(TOPICS.index(), 0, null, "[]".getBytes(UTF_8))))
                .startsWith("invalid:");
        assertThat(poisoned(new ProducerRecord<>(TOPICS.index(), 0, null, null)))
                .startsWith("invalid:");
        assertThat(poisoned(LOG.toIndex(alice.event(20_001, NOW, ""), "", Origin.CLIENT)))
                .isEqualTo("an ephemeral event is not stored");
    }

    /// An error that nobody foresaw is one record's, not that of all behind it.
    @Test
    void putsARecordAsideWhateverGoesWrongWithIt() {
        Preparation failing = new Preparation(
                LOG,
                (id, key, signature) -> {
                    throw new IllegalStateException("a bug");
                },
                new DeletionTargets(Set.of()));
        Candidate candidate = failing.prepare(consumed(STRANGER.toIndex(alice.note(""), "g", Origin.CLIENT)));
        assertThat(candidate).isInstanceOfSatisfying(Candidate.Poisoned.class, poisoned -> {
            assertThat(poisoned.reason()).isEqualTo("cannot be prepared");
            assertThat(poisoned.gateway()).isEqualTo("g");
        });
    }

    /// With its position and effects it would not fit into a record of `nostr.broadcast`: accepted, and never emitted.
    @Test
    void refusesWhatCouldNotBeEmitted() {
        Event fits = alice.event(1, NOW, "x".repeat(Topics.MAX_EVENT_BYTES - 1_000));
        Event large = alice.event(1, NOW, "x".repeat(Topics.MAX_EVENT_BYTES));
        assertThat(sound(LOG.toIndex(fits, "", Origin.CLIENT)).event()).isEqualTo(fits);
        assertThat(poisoned(LOG.toIndex(large, "", Origin.CLIENT))).isEqualTo("larger than what can be emitted");
    }

    /// NIP-01: replaceable events have one address whatever their `d` tag says; addressable ones are told apart by
    /// it.
    @Test
    void findsTheAddress() {
        Bytes32 nothing = Bytes32.of(TagHash.ofIdentifier(""));
        assertThat(sound(alice.event(10_000, NOW, "", Tag.of("d", "x"))).address())
                .isEqualTo(nothing);
        assertThat(sound(alice.event(30_000, NOW, "")).address()).isEqualTo(nothing);
        assertThat(sound(alice.event(30_000, NOW, "", Tag.of("d", "x"))).address())
                .isEqualTo(Bytes32.of(TagHash.ofIdentifier("x")));
    }

    @Test
    void findsTheRecipientOfAGiftWrap() {
        Bytes32 bob = new TestAuthor(2).key();
        assertThat(sound(alice.event(1059, NOW, "", Tag.of("p", bob.toString())))
                        .recipient())
                .isEqualTo(bob);
        assertThat(sound(alice.event(1059, NOW, "", Tag.of("p", "nobody"))).recipient())
                .isNull();
        assertThat(sound(alice.event(1, NOW, "", Tag.of("p", bob.toString()))).recipient())
                .isNull();
    }

    private Candidate.Sound sound(Event event) {
        return sound(LOG.toIndex(event, "", Origin.CLIENT));
    }

    private Candidate.Sound sound(ProducerRecord<byte[], byte[]> record) {
        return (Candidate.Sound) preparation.prepare(consumed(record));
    }

    private String poisoned(ProducerRecord<byte[], byte[]> record) {
        return ((Candidate.Poisoned) preparation.prepare(consumed(record))).reason();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                java.util.Optional.empty());
    }
}
