package dev.rookery.topics;

import dev.rookery.event.Bytes32;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The topics of the suite: every name and every number of partitions, declared here and nowhere else.
///
/// @param prefix put before each name, so that several relays can share a Kafka cluster; empty for the first
public record Topics(String prefix) {

    public static final int INDEX_PARTITIONS = 50;
    public static final int BULK_PARTITIONS = 10;
    public static final int BROADCAST_PARTITIONS = 10;

    /// The largest event that may be logged. An event that is accepted has further headers when it is emitted, and a
    /// dead letter has its reason: each of the limits after this one leaves room for what is added on the way.
    public static final int MAX_EVENT_BYTES = 7 << 20;

    /// The largest record of a topic of events, headers included.
    public static final int MAX_RECORD_BYTES = 8 << 20;

    /// The largest dead letter. What is larger still is put aside without its value.
    public static final int MAX_DEAD_LETTER_BYTES = 9 << 20;

    private static final Duration KEEP_EVENTS = Duration.ofDays(14);
    private static final Duration KEEP_DEAD_LETTERS = Duration.ofDays(90);

    /// One topic as it is to be declared.
    ///
    /// @param compacted the newest record of each key is kept, in place of all records for a time
    /// @param maxBytes of one record
    /// @param retention how long records stay, unless compacted
    public record Declaration(String name, int partitions, boolean compacted, int maxBytes, Duration retention) {

        static Declaration events(String name, int partitions) {
            return new Declaration(name, partitions, false, MAX_RECORD_BYTES, KEEP_EVENTS);
        }

        static Declaration deadLetters(String topic, int partitions) {
            return new Declaration(
                    Topics.deadLetters(topic), partitions, false, MAX_DEAD_LETTER_BYTES, KEEP_DEAD_LETTERS);
        }
    }

    /// Events to be decided, by author.
    public String index() {
        return prefix + "nostr.index";
    }

    /// Events to be decided while nothing live waits, by author.
    public String bulk() {
        return prefix + "nostr.bulk";
    }

    /// Accepted and ephemeral events, by kind.
    public String broadcast() {
        return prefix + "nostr.broadcast";
    }

    /// Records that fail alone, kept for the replay command.
    public static String deadLetters(String topic) {
        return topic + ".dlt";
    }

    /// The topics whose partitions are the lanes in which events are decided, each with the number of them.
    public Map<String, Integer> lanes() {
        return Map.of(index(), INDEX_PARTITIONS, bulk(), BULK_PARTITIONS);
    }

    public List<Declaration> declarations() {
        return List.of(
                Declaration.events(index(), INDEX_PARTITIONS),
                Declaration.deadLetters(index(), INDEX_PARTITIONS),
                Declaration.events(bulk(), BULK_PARTITIONS),
                Declaration.deadLetters(bulk(), BULK_PARTITIONS),
                Declaration.events(broadcast(), BROADCAST_PARTITIONS));
    }

    /// All events of one author share a partition, so they are decided in the order in which they were logged.
    public static int indexPartition(Bytes32 author) {
        return spread(author, INDEX_PARTITIONS);
    }

    public static int bulkPartition(Bytes32 author) {
        return spread(author, BULK_PARTITIONS);
    }

    public static int broadcastPartition(int kind) {
        return kind % BROADCAST_PARTITIONS;
    }

    private static int spread(Bytes32 author, int partitions) {
        return Math.floorMod(Long.hashCode(author.a() ^ author.d()), partitions);
    }
}
