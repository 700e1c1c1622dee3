package dev.rookery.indexer;

import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;

/// Whoever reads lanes, and has something to do while they are quiet.
interface LaneListener extends BatchAcknowledgingConsumerAwareMessageListener<byte[], byte[]> {

    /// About once a second while no records come, on the consumer's thread.
    void onIdle(Consumer<?, ?> consumer);
}
