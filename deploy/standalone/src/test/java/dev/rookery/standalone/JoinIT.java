package dev.rookery.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.client.RelayClient;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Invariants 1 and 3 with everything real: several connections publish at two gateways, while others open and close
/// subscriptions at both all the time.
@ExtendWith({KafkaExtension.class, PostgresExtension.class, RedisExtension.class})
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class JoinIT {

    private static final int PUBLISHERS = 4;
    private static final int EVENTS_EACH = 300;
    private static final int SUBSCRIBERS = 6;

    private static SplitSuite suite;

    private final long now = Instant.now().getEpochSecond();
    private final String topic = "join-" + System.nanoTime();

    @BeforeAll
    static void start(TestKafka kafka, TestPostgres postgres, TestRedis redis) throws Exception {
        suite = new SplitSuite(kafka, postgres, redis);
    }

    @AfterAll
    static void stop() {
        if (suite != null) {
            suite.close();
        }
    }

    @Test
    void sendsEveryEventOnceToWhoeverSubscribesWhileOthersPublish() throws Exception {
        Map<URI, Set<String>> saidStored = new ConcurrentHashMap<>();
        suite.gateways().forEach(gateway -> saidStored.put(gateway, ConcurrentHashMap.newKeySet()));
        List<Future<Integer>> subscribers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                int author = i + 1;
                URI gateway = suite.gateways().get(i % 2);
                publishers.add(threads.submit(() -> publish(gateway, author, saidStored.get(gateway))));
            }
            for (int i = 0; i < SUBSCRIBERS; i++) {
                URI gateway = suite.gateways().get(i % 2);
                subscribers.add(threads.submit(new Subscriber(gateway, saidStored.get(gateway))));
            }
            for (Future<Integer> publisher : publishers) {
                assertThat(publisher.get()).isEqualTo(EVENTS_EACH);
            }
        }
        int opened = 0;
        for (Future<Integer> subscriber : subscribers) {
            opened += subscriber.get();
        }
        assertThat(opened).as("subscriptions opened meanwhile").isGreaterThan(SUBSCRIBERS * 5);
    }

    private int publish(URI gateway, int author, Set<String> saidStored) throws Exception {
        byte[] secret = new byte[32];
        secret[31] = (byte) author;
        SchnorrSigner signer = new SchnorrSigner(secret);
        int accepted = 0;
        try (RelayClient client = new RelayClient(gateway)) {
            for (int i = 0; i < EVENTS_EACH; i++) {
                Event event = Event.of(signer, now, 1, List.of(new Tag(List.of("t", topic))), "event " + i);
                if (client.publish(event.toString()).accepted()) {
                    accepted++;
                    saidStored.add(event.id().toString());
                }
            }
        }
        return accepted;
    }

    /// Opens one subscription after another. Each must hold what its gateway had said was stored before it was
    /// opened, and goes on until it has everything, or is closed before; none may receive an event twice.
    private final class Subscriber implements Callable<Integer> {

        private final URI gateway;
        private final Set<String> saidStored;
        private final Map<String, Set<String>> received = new HashMap<>();

        Subscriber(URI gateway, Set<String> saidStored) {
            this.gateway = gateway;
            this.saidStored = saidStored;
        }

        @Override
        public Integer call() throws Exception {
            int opened = 0;
            try (RelayClient client = new RelayClient(gateway)) {
                for (int most = 1; most < PUBLISHERS * EVENTS_EACH; most = Math.min(most * 2, most + 60)) {
                    follow(client, "brief" + opened++, Math.min(most, PUBLISHERS * EVENTS_EACH));
                }
                follow(client, "whole" + opened++, PUBLISHERS * EVENTS_EACH);
            }
            return opened;
        }

        /// Until so many events have come, and the stored ones are over.
        private void follow(RelayClient client, String name, int events) throws Exception {
            Set<String> stored = Set.copyOf(saidStored);
            Set<String> ids = ConcurrentHashMap.newKeySet();
            received.put(name, ids);
            client.send("[\"REQ\",\"%s\",{\"#t\":[\"%s\"],\"limit\":5000}]".formatted(name, topic));
            boolean live = false;
            while (!live || ids.size() < events) {
                JsonNode message = client.take();
                String subscription = message.get(1).asString();
                if (message.get(0).asString().equals("EVENT")) {
                    String id = message.get(2).get("id").asString();
                    assertThat(received.get(subscription).add(id))
                            .as("%s came once in %s, which is %s", id, subscription, live ? "live" : "being stored")
                            .isTrue();
                } else if (subscription.equals(name)) {
                    assertThat(message.get(0).asString()).as(message.toString()).isEqualTo("EOSE");
                    assertThat(ids).containsAll(stored);
                    live = true;
                }
            }
            client.send("[\"CLOSE\",\"" + name + "\"]");
        }
    }
}
