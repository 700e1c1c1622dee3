package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedKafkaIT {

    @TempDir
    Path directory;

    @Test
    void keepsItsRecordsOverARestart() throws Exception {
        try (EmbeddedKafka first = started()) {
            createTopic(first);
            write(first, "kept");
        }
        try (EmbeddedKafka second = started()) {
            assertThat(read(second)).isEqualTo("kept");
        }
    }

    @Test
    void keepsWhatItAcknowledgedWhenItsJvmIsKilled() throws Exception {
        KilledJvm.leaving("kafka", directory);
        try (EmbeddedKafka next = started()) {
            assertThat(read(next)).isEqualTo("acknowledged");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        try (EmbeddedKafka first = started();
                EmbeddedKafka second = new EmbeddedKafka(directory, 0)) {
            assertThatThrownBy(second::start).isInstanceOf(ServerFailedException.class);
            createTopic(first);
        }
    }

    private EmbeddedKafka started() throws Exception {
        EmbeddedKafka kafka = new EmbeddedKafka(directory, 0);
        kafka.start();
        return kafka;
    }

    static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("words", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    static void write(EmbeddedKafka kafka, String word) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("words", word)).get(20, TimeUnit.SECONDS);
        }
    }

    private static String read(EmbeddedKafka kafka) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "none"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("words", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(20)).iterator().next().value();
        }
    }
}
