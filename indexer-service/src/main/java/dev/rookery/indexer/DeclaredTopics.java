package dev.rookery.indexer;

import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.topics.TopicSetup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/// The suite's topics, created where they are missing.
final class DeclaredTopics {

    private final TopicSetup setup;
    private final Admin admin;

    DeclaredTopics(TopicSetup setup, Admin admin) {
        this.setup = setup;
        this.admin = admin;
    }

    /// @throws StoreUnavailableException when Kafka cannot be asked
    /// @throws IllegalStateException when a topic is there and is not as declared
    void declare() {
        try {
            setup.declare(admin);
        } catch (KafkaException failure) {
            throw new StoreUnavailableException("Kafka", failure);
        }
    }
}
