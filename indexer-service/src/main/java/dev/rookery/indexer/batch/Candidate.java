package dev.rookery.indexer.batch;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.topics.Origin;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A record of the log on its way to its decision.
public sealed interface Candidate {

    ConsumerRecord<byte[], byte[]> record();

    /// Whom to tell; empty for nobody.
    String gateway();

    default TopicPartition lane() {
        return new TopicPartition(record().topic(), record().partition());
    }

    /// An authentic event with all that its decision needs.
    ///
    /// @param address SHA-256 of the identifier; null unless replaceable or addressable
    /// @param recipient of a gift wrap, who may delete it too; null for other events
    /// @param tagHashes what the tag index is to hold
    @SuppressWarnings("ArrayRecordComponent")
    record Sound(
            ConsumerRecord<byte[], byte[]> record,
            String gateway,
            Origin origin,
            Event event,
            @Nullable Bytes32 address,
            @Nullable Bytes32 recipient,
            long[] tagHashes)
            implements Candidate {

        /// NIP-09, NIP-62: it acts on other events of its author.
        boolean isDeletion() {
            return event.kind() == 5 || event.kind() == 62;
        }
    }

    /// A record that can never be decided.
    ///
    /// @param id of the event, if as much of it can be read
    record Poisoned(ConsumerRecord<byte[], byte[]> record, String gateway, Optional<Bytes32> id, String reason)
            implements Candidate {}
}
