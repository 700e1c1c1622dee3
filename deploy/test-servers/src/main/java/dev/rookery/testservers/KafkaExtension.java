package dev.rookery.testservers;

import dev.rookery.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;

/// Injects [TestKafka]; `@ExtendWith(KafkaExtension.class)` on the test class.
public final class KafkaExtension extends ServerExtension<KafkaServer, TestKafka> {

    private static final String IMAGE = "apache/kafka:4.2.0";

    public KafkaExtension() {
        super(KafkaServer.class, TestKafka.class);
    }

    @Override
    KafkaServer startServer(ServerSource source) {
        return switch (source) {
            case EMBEDDED -> embedded();
            case CONTAINERS -> container();
        };
    }

    @Override
    TestKafka part(KafkaServer server, String owner) {
        return new TestKafka(server.bootstrapServers(), owner);
    }

    private static KafkaServer embedded() {
        try {
            Path directory = ServerSource.newDirectory("kafka");
            EmbeddedKafka kafka = new EmbeddedKafka(directory, 0);
            EmbeddedHandle handle = ServerSource.started(kafka, directory);
            return new KafkaServer(kafka.bootstrapServers(), handle);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static KafkaServer container() {
        KafkaContainer kafka = new KafkaContainer(IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        kafka.start();
        return new KafkaServer(kafka.getBootstrapServers(), kafka);
    }
}
