package dev.rookery.topics;

import dev.rookery.event.Bytes32;
import java.util.List;

/// The topics of the suite: every name and every number of partitions, declared here and nowhere else.
///
/// @param prefix put before each name, so that several relays can share a Kafka cluster; empty for the first
public record Topics(String prefix) {

    public static final int INDEX_PARTITIONS = 50;
    public static final int BULK_PARTITIONS = 10;
    public static final int BROADCAST_PARTITIONS = 10;

    /// One topic as it is to be declared.
    public record Declaration(String name, int partitions, boolean compacted) {}

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

    public List<Declaration> declarations() {
        return List.of(
                new Declaration(index(), INDEX_PARTITIONS, false),
                new Declaration(deadLetters(index()), INDEX_PARTITIONS, false),
                new Declaration(bulk(), BULK_PARTITIONS, false),
                new Declaration(deadLetters(bulk()), BULK_PARTITIONS, false),
                new Declaration(broadcast(), BROADCAST_PARTITIONS, false));
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
