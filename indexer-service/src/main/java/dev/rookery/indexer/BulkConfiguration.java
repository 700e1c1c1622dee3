package dev.rookery.indexer;

import dev.rookery.indexer.FlowConfiguration.Deciding;
import dev.rookery.indexer.FlowConfiguration.Outlets;
import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.BatchProperties;
import dev.rookery.indexer.batch.Preparation;
import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.lane.LaneReading;
import dev.rookery.indexer.lane.LiveLag;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/// The way of an event of `nostr.bulk`, put together: the steps of every event, on a thread, a consumer and a
/// connection of their own, behind a gate.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BulkProperties.class)
class BulkConfiguration {

    /// While its lanes are paused, the consumer looks up as often.
    private static final long IDLE_MILLIS = 500;

    @Bean
    IndexListener.Steps bulkSteps(Preparation preparation, Deciding deciding, Outlets outlets, BulkReader reader) {
        return new IndexListener.Steps(
                preparation::prepare,
                new BatchCutter(reader.bounds()),
                outlets.deadLetters(),
                (batch, moves) -> {
                    // Live emissions are not to find the waiting line full.
                    reader.patience().until(outlets.emission()::hasRoom);
                    return deciding.bulk().decide(batch, moves);
                },
                outlets.verdicts()::publish,
                outlets.emission()::emit,
                reader.reading().groupOffsets()::tell);
    }

    /// Who reads, how patiently, and how much is decided at once: what the consumer has in hand, or less.
    record BulkReader(LaneReading reading, Patience patience, BatchProperties bounds) {}

    @Bean
    BulkReader bulkReader(
            @Qualifier("bulkReading") LaneReading reading,
            Patience patience,
            BatchProperties live,
            BulkProperties bulk) {
        int maxEvents = Math.min(live.maxEvents(), bulk.maxEvents());
        return new BulkReader(reading, patience, new BatchProperties(maxEvents, live.maxBytes(), live.maxTags()));
    }

    @Bean
    IndexListener bulkFlow(
            @Qualifier("bulkSteps") IndexListener.Steps steps, BulkReader reader, Outbox outbox, FlowMeters meters) {
        return new IndexListener(steps, reader.reading(), outbox, reader.patience(), meters);
    }

    @Bean
    BulkGate bulkGate(LiveLag lag, Outbox outbox, BulkProperties properties) {
        return new BulkGate(lag, outbox, properties);
    }

    @Bean
    BulkListener bulkListener(
            @Qualifier("bulkFlow") IndexListener flow,
            @Qualifier("bulkReading") LaneReading reading,
            BulkGate gate,
            MeterRegistry meters) {
        return new BulkListener(flow, reading.placement()::rewind, gate::isOpen, meters);
    }

    /// Started by [IndexerRun].
    @Bean
    @Order(2)
    KafkaMessageListenerContainer<byte[], byte[]> bulkContainer(
            BulkConsumer consumer, BulkListener listener, BulkReader reader) {
        LaneReading reading = reader.reading();
        ContainerProperties properties = FlowConfiguration.containerProperties(consumer.topic(), reading, IDLE_MILLIS);
        properties.setMessageListener(listener);
        return FlowConfiguration.container(
                "indexer-bulk",
                new DefaultKafkaConsumerFactory<>(
                        consumer.settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                properties,
                new StartAgain(reading.placement(), reader.patience()));
    }

    /// What is read, and as whom.
    record BulkConsumer(String topic, Map<String, Object> settings) {}

    @Bean
    BulkConsumer bulkConsumer(Topics topics, KafkaClients clients, BulkProperties properties) {
        return new BulkConsumer(topics.bulk(), clients.bulkConsumer(properties.maxEvents()));
    }
}
