package dev.rookery.indexer;

import org.apache.kafka.clients.consumer.Consumer;

/// Whoever reads lanes and has something to do while they are quiet.
interface LaneListener {

    /// About once a second while no records come, on the consumer's thread.
    void onIdle(Consumer<?, ?> consumer);
}
