package dev.rookery.indexer.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/// Makes consumers that gather.
public final class GatheringConsumers extends DefaultKafkaConsumerFactory<byte[], byte[]> {

    public GatheringConsumers(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
        return new GatheringConsumer(settings);
    }

    private static final class GatheringConsumer extends KafkaConsumer<byte[], byte[]> {

        private final Gathering gathering = new Gathering(super::poll, lane -> position(lane, Duration.ZERO));

        GatheringConsumer(Map<String, Object> settings) {
            super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            return gathering.poll(timeout);
        }
    }
}
