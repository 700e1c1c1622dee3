package dev.rookery.broadcast.feed;

import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.TopicTail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands the log's records to the owner's thread, few batches at a time; what no process of this suite wrote is
/// dropped.
public final class BroadcastListener implements TopicTail.Listener {

    private static final int BATCHES_UNDER_WAY = 2;
    private static final Logger log = LoggerFactory.getLogger(BroadcastListener.class);

    private final Owner owner;
    private final LogRecords codec;
    private final LiveFeed feed;
    private final FeedMeters meters;
    private final Semaphore room = new Semaphore(BATCHES_UNDER_WAY);

    public BroadcastListener(Owner owner, LogRecords codec, LiveFeed feed, FeedMeters meters) {
        this.owner = owner;
        this.codec = codec;
        this.feed = feed;
        this.meters = meters;
    }

    @Override
    public void noted() {
        owner.execute(feed::begin);
    }

    @Override
    public void received(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        List<BroadcastRecord> batch = new ArrayList<>(records.size());
        records.forEach(record -> read(record).ifPresentOrElse(batch::add, meters::unsealed));
        room.acquire();
        owner.execute(() -> {
            try {
                feed.received(batch);
            } finally {
                room.release();
            }
        });
    }

    /// A stranger's record may be of any shape.
    private Optional<BroadcastRecord> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.readBroadcast(record);
        } catch (RuntimeException malformed) {
            log.debug("malformed record at {}-{}", record.partition(), record.offset(), malformed);
            return Optional.empty();
        }
    }
}
