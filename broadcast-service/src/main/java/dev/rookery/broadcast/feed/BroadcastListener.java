package dev.rookery.broadcast.feed;

import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.BroadcastTail;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Hands the log's records to the owner's thread, few batches at a time.
public final class BroadcastListener implements BroadcastTail.Reader {

    private static final int BATCHES_UNDER_WAY = 2;

    private final Owner owner;
    private final BroadcastFeed feed;
    private final FeedMeters meters;
    private final Semaphore room = new Semaphore(BATCHES_UNDER_WAY);

    public BroadcastListener(Owner owner, BroadcastFeed feed, FeedMeters meters) {
        this.owner = owner;
        this.feed = feed;
        this.meters = meters;
    }

    @Override
    public void noted() {
        owner.execute(feed::begin);
    }

    @Override
    public void unsealed() {
        meters.unsealed();
    }

    @Override
    public void received(List<BroadcastRecord> records) throws InterruptedException {
        room.acquire();
        owner.execute(() -> {
            try {
                feed.received(records);
            } finally {
                room.release();
            }
        });
    }
}
