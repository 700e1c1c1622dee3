package dev.rookery.indexer.batch;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.topics.Origin;
import java.util.List;
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
    /// @param targets what it is to delete
    @SuppressWarnings("ArrayRecordComponent")
    record Sound(
            ConsumerRecord<byte[], byte[]> record,
            String gateway,
            Origin origin,
            Event event,
            @Nullable Bytes32 address,
            @Nullable Bytes32 recipient,
            long[] tagHashes,
            List<DeletionTarget> targets)
            implements Candidate {

        public Sound {
            targets = List.copyOf(targets);
        }

        /// NIP-09, NIP-62: whether it acts on other events of its author.
        boolean isDeletion() {
            return !targets.isEmpty();
        }
    }

    /// A record that can never be decided.
    ///
    /// @param id of the event, if as much of it can be read
    record Poisoned(ConsumerRecord<byte[], byte[]> record, String gateway, Optional<Bytes32> id, String reason)
            implements Candidate {}
}
