package dev.rookery.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/// What of a topic, as somebody made it, cannot be gone on with.
///
/// Another number of partitions would send one author's events to two lanes, and a topic compacted by author would
/// forget all but the last event of each. Where copies are asked for, a record that was acknowledged has to survive the
/// loss of a broker, and to be there still when the database is put back to a backup.
///
/// @param replication copies of each partition that are asked for; one means one machine, and what is lost with it
record TopicCheck(int replication) {

    /// Of event topics: the longest outage and the age of the oldest backup that is of use, together.
    static final Duration LEAST_RETENTION = Duration.ofDays(7);

    List<String> faults(Topics.Declaration topic, TopicDescription found, Config settings) {
        Faults faults = new Faults(topic.name());
        int partitions = found.partitions().size();
        faults.addIf(partitions != topic.partitions(), partitions + " partitions and needs " + topic.partitions());
        String policy = value(settings, TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        faults.addIf(
                policy.contains("compact") != topic.compacted(),
                "cleanup.policy=%s and needs %s".formatted(policy, topic.compacted() ? "compact" : "delete"));
        String size = value(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0");
        faults.addIf(
                Integer.parseInt(size) < topic.maxBytes(),
                "max.message.bytes=" + size + " and needs " + topic.maxBytes());
        if (replication > 1) {
            addMissingSafety(faults, topic, found, settings);
        }
        return faults.found;
    }

    private void addMissingSafety(Faults faults, Topics.Declaration topic, TopicDescription found, Config settings) {
        int copies = copies(found);
        faults.addIf(copies < replication, copies + " copies and needs " + replication);
        String inSync = value(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1");
        faults.addIf(Integer.parseInt(inSync) < 2, "min.insync.replicas=" + inSync + " and needs 2");
        String unclean = value(settings, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        faults.addIf(Boolean.parseBoolean(unclean), "unclean.leader.election.enable=true and needs false");
        String retention = value(settings, TopicConfig.RETENTION_MS_CONFIG, "-1");
        faults.addIf(
                !topic.compacted() && isTooShort(Long.parseLong(retention)),
                "retention.ms=" + retention + " and needs " + LEAST_RETENTION.toMillis());
        String bytes = value(settings, TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        faults.addIf(!topic.compacted() && Long.parseLong(bytes) >= 0, "retention.bytes=" + bytes + " and needs -1");
    }

    /// Negative is for ever.
    private static boolean isTooShort(long retentionMillis) {
        return retentionMillis >= 0 && retentionMillis < LEAST_RETENTION.toMillis();
    }

    private static int copies(TopicDescription found) {
        return found.partitions().stream()
                .map(TopicPartitionInfo::replicas)
                .mapToInt(List::size)
                .min()
                .orElse(0);
    }

    private static String value(Config settings, String name, String otherwise) {
        @Nullable ConfigEntry entry = settings.get(name);
        return entry == null || entry.value() == null ? otherwise : entry.value();
    }

    private record Faults(String topic, List<String> found) {

        Faults(String topic) {
            this(topic, new ArrayList<>());
        }

        void addIf(boolean fault, String what) {
            if (fault) {
                found.add("topic " + topic + " has " + what);
            }
        }
    }
}
