package dev.rookery.broadcast.feed;

import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.TopicTail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Hands the log's records to the owner's thread, few batches at a time; what no process of this suite wrote is
/// dropped.
public final class BroadcastListener implements TopicTail.Listener {

    private static final int BATCHES_UNDER_WAY = 2;

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
        records.forEach(record -> codec.readBroadcast(record).ifPresentOrElse(batch::add, meters::unsealed));
        room.acquire();
        owner.execute(() -> {
            try {
                feed.received(batch);
            } finally {
                room.release();
            }
        });
    }
}
