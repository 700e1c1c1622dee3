package dev.rookery.faults;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// What the partitions of `nostr.index` hold.
record IndexLanes(Admin admin) {

    /// The offset after the last record.
    long end(int partition) throws Exception {
        TopicPartition lane = new TopicPartition("nostr.index", partition);
        return admin.listOffsets(Map.of(lane, OffsetSpec.latest()))
                .partitionResult(lane)
                .get()
                .offset();
    }
}
