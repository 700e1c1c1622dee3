package dev.rookery.indexer.batch;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.GiftWraps;
import dev.rookery.event.Kinds;
import dev.rookery.event.TagHash;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.signature.SignatureCheck;
import dev.rookery.topics.IndexRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes of a record what can be decided, as far as that needs no database: everything here is off the one lock.
///
/// The id is always computed again. The signature is verified unless a process of this suite sealed the record,
/// which it does only after having verified it. Whatever goes wrong with one record is that record's, so that no
/// record can hold up those behind it.
public final class Preparation {

    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final LogRecords log;
    private final SignatureCheck signatures;
    private final DeletionTargets targets;

    public Preparation(LogRecords log, SignatureCheck signatures, DeletionTargets targets) {
        this.log = log;
        this.signatures = signatures;
        this.targets = targets;
    }

    public Candidate prepare(ConsumerRecord<byte[], byte[]> record) {
        if (size(record) > Topics.MAX_EVENT_BYTES) {
            return poisoned(record, "", "larger than what can be emitted");
        }
        IndexRecord read = log.readIndex(record);
        try {
            Event event = EventReader.read(read.json());
            Optional<String> fault = fault(event, read.sealed());
            return fault.isPresent()
                    ? new Candidate.Poisoned(record, read.gateway(), Optional.of(event.id()), fault.get())
                    : sound(record, read, event);
        } catch (MalformedMessageException malformed) {
            return poisoned(record, read.gateway(), malformed.reason());
        } catch (RuntimeException unforeseen) {
            LOG.error(
                    "{}-{} at {} cannot be prepared", record.topic(), record.partition(), record.offset(), unforeseen);
            return poisoned(record, read.gateway(), "cannot be prepared");
        }
    }

    private static Candidate poisoned(ConsumerRecord<byte[], byte[]> record, String gateway, String reason) {
        return new Candidate.Poisoned(record, gateway, Optional.empty(), reason);
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? 0 : record.value().length;
    }

    private Optional<String> fault(Event event, boolean sealed) {
        if (Kinds.isEphemeral(event.kind())) {
            return Optional.of("an ephemeral event is not stored");
        }
        if (!event.hasValidId()) {
            return Optional.of("the id is not the hash of the event");
        }
        if (!sealed && !signed(event)) {
            return Optional.of("neither sealed by this suite nor signed by its author");
        }
        return Optional.empty();
    }

    private boolean signed(Event event) {
        return signatures.verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature());
    }

    /// What waits for its decision is read once more: decoded tags, which the event would keep, may take many times the
    /// room of the record.
    private Candidate sound(ConsumerRecord<byte[], byte[]> record, IndexRecord read, Event event)
            throws MalformedMessageException {
        return new Candidate.Sound(
                record,
                read.gateway(),
                read.origin(),
                EventReader.readTrusted(event.json()),
                address(event),
                GiftWraps.recipient(event).orElse(null),
                TagHash.all(event),
                targets.of(event));
    }

    private static @Nullable Bytes32 address(Event event) {
        if (Kinds.isAddressable(event.kind())) {
            return Bytes32.of(TagHash.ofIdentifier(event.identifier()));
        }
        return Kinds.isReplaceable(event.kind()) ? Bytes32.of(TagHash.ofIdentifier("")) : null;
    }
}
