package dev.rookery.indexer.lane;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Tells the group's coordinator about once a second how far the lanes are decided. For the dashboards that show
/// lag, and as a witness if the database goes back; positions are never taken from there. The consumer's thread
/// only.
public final class GroupOffsets {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Lanes lanes;
    private final Recurrence telling = new Recurrence(PAUSE);
    private final Map<TopicPartition, Long> told = new HashMap<>();

    GroupOffsets(Lanes lanes) {
        this.lanes = lanes;
    }

    public void tell(Consumer<?, ?> consumer) {
        if (!telling.isDue()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> news = new HashMap<>();
        lanes.rows().forEach((lane, row) -> {
            if (!Long.valueOf(row.decided()).equals(told.put(lane, row.decided()))) {
                news.put(lane, offset(row));
            }
        });
        if (!news.isEmpty()) {
            consumer.commitAsync(news, (offsets, failure) -> {
                if (failure != null) {
                    told.keySet().removeAll(offsets.keySet());
                }
            });
        }
    }

    static OffsetAndMetadata offset(LaneRow row) {
        Optional<Integer> epoch = row.leaderEpoch() < 0 ? Optional.empty() : Optional.of(row.leaderEpoch());
        return new OffsetAndMetadata(row.decided(), epoch, "");
    }
}
