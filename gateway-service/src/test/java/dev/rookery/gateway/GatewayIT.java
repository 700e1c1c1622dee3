package dev.rookery.gateway;

import static dev.rookery.gateway.RunningGateway.event;
import static dev.rookery.gateway.RunningGateway.ok;
import static dev.rookery.gateway.RunningGateway.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.gateway.publish.EventLog;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import dev.rookery.order.VerdictBatch;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.IndexRecord;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import dev.rookery.topics.VerdictMessages;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/// The gateway between a real Kafka and a real Redis, with a test in the indexer's place.
@Timeout(120)
@ExtendWith({KafkaExtension.class, RedisExtension.class})
class GatewayIT {

    private static final String SECRET = "a secret for tests";

    @Test
    void answersFromTheLogToTheVerdict(TestKafka kafka, TestRedis redis) throws Exception {
        Topics topics = new Topics(kafka.named(""));
        try (ConfigurableApplicationContext gateway = start(kafka, redis);
                RawClient client = RawClient.open(
                        gateway.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
                Indexer indexer = new Indexer(kafka, redis, topics)) {
            // It answers before it can reach the brokers.
            await().until(gateway.getBean(EventLog.class)::isOpen);
            List<Event> events =
                    IntStream.range(0, 500).mapToObj(i -> event(1, "note " + i)).toList();
            Set<String> awaited = new HashSet<>();
            Thread decides = Thread.startVirtualThread(() -> indexer.decide(events.size()));
            for (Event event : events) {
                awaited.add(ok(event.id(), true, ""));
                client.text(publish(event));
            }
            for (int i = 0; i < events.size(); i++) {
                assertThat(awaited.remove(client.message())).isTrue();
            }
            decides.join();
            assertThat(indexer.sealed).isTrue();
            Event ephemeral = event(20_001, "gone");
            client.text(publish(ephemeral));
            assertThat(client.message()).isEqualTo(ok(ephemeral.id(), true, ""));
            assertThat(actuator(gateway, "health/liveness")).contains("\"status\":\"UP\"");
            assertThat(actuator(gateway, "prometheus"))
                    .contains("rookery_gateway_messages_received_total{verb=\"EVENT\"} 501.0");
        }
    }

    private static String actuator(ConfigurableApplicationContext gateway, String endpoint) throws Exception {
        String port = gateway.getEnvironment().getRequiredProperty("local.management.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint));
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static ConfigurableApplicationContext start(TestKafka kafka, TestRedis redis) {
        return GatewayService.start(
                "--relay.secret=" + SECRET,
                "--relay.port=0",
                "--relay.address=127.0.0.1",
                "--relay.limits.enabled=false",
                // However slow the machine: the verdicts are what is waited for.
                "--relay.publish.verdict-within=60s",
                "--relay.gateway.id=" + redis.prefix(),
                "--relay.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--relay.kafka.topic-prefix=" + kafka.named(""),
                "--relay.redis.url=" + redis.uri(),
                "--relay.gateway.actuator-port=0");
    }

    /// Accepts everything, one batch for each poll.
    private static final class Indexer implements AutoCloseable {

        private final KafkaConsumer<byte[], byte[]> consumer;
        private final RedisClient client;
        private final LogRecords records;
        private final VerdictMessages messages;
        private final VerdictMessages stranger;
        private boolean sealed = true;
        private long seq;

        Indexer(TestKafka kafka, TestRedis redis, Topics topics) {
            consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(IntStream.range(0, Topics.INDEX_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topics.index(), partition))
                    .toList());
            client = RedisClient.create(redis.uri());
            records = new LogRecords(topics, new Seal(SECRET));
            messages = new VerdictMessages(topics, new Seal(SECRET));
            stranger = new VerdictMessages(topics, new Seal("the secret of somebody else"));
        }

        /// Refusals by somebody who can publish at this Redis and is not of this suite.
        private byte[] forged(String gateway, List<VerdictBatch.Entry> entries) {
            return stranger.write(
                    gateway,
                    new VerdictBatch(
                            new Position(9, 9),
                            entries.stream()
                                    .map(entry -> new VerdictBatch.Entry(entry.id(), Decision.DELETED))
                                    .toList()));
        }

        void decide(int count) {
            try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
                for (int decided = 0; decided < count; ) {
                    List<VerdictBatch.Entry> entries = new ArrayList<>();
                    String gateway = "";
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        IndexRecord read = records.readIndex(record);
                        sealed &= read.sealed();
                        gateway = read.gateway();
                        entries.add(new VerdictBatch.Entry(
                                EventReader.read(read.json()).id(), Decision.ACCEPTED));
                    }
                    decided += entries.size();
                    if (!entries.isEmpty()) {
                        seq += entries.size();
                        byte[] channel = messages.channel(gateway).getBytes(StandardCharsets.UTF_8);
                        connection.sync().publish(channel, forged(gateway, entries));
                        VerdictBatch verdicts = new VerdictBatch(new Position(1, seq), entries);
                        connection.sync().publish(channel, messages.write(gateway, verdicts));
                    }
                }
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public void close() {
            consumer.close();
            client.shutdown();
        }
    }
}
