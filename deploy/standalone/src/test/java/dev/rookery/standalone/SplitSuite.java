package dev.rookery.standalone;

import dev.rookery.broadcast.BroadcastService;
import dev.rookery.embedded.FreePort;
import dev.rookery.gateway.GatewayService;
import dev.rookery.indexer.IndexerService;
import dev.rookery.query.QueryService;
import dev.rookery.testservers.TestKafka;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.testservers.TestRedis;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/// The services as on a cluster, each with a context of its own: two gateways, each linked to a broadcast-service
/// of its own, upon one indexer, one query-service and the test servers.
final class SplitSuite implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final Map<String, Object> shared = new HashMap<>();
    private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();
    private final List<URI> gateways = new ArrayList<>();

    SplitSuite(TestKafka kafka, TestPostgres postgres, TestRedis redis) throws Exception {
        String prefix = kafka.named("");
        shared.put("relay.secret", "a secret for the tests of the suite");
        shared.put("relay.kafka.bootstrap-servers", kafka.bootstrapServers());
        shared.put("relay.kafka.topic-prefix", prefix);
        shared.put("relay.kafka.replication", 1);
        shared.put("relay.redis.url", redis.uri());
        shared.put("relay.postgres.host", postgres.host());
        shared.put("relay.postgres.port", postgres.port());
        shared.put("relay.postgres.database", postgres.database());
        shared.put("relay.postgres.user", postgres.user());
        shared.put("relay.postgres.password", postgres.password());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new TopicSetup(new Topics(prefix), 1).declare(admin);
        }
        start(IndexerService.class, "indexer-service", internal("relay.indexer", FreePort.orChosen(0)));
        int query = FreePort.orChosen(0);
        start(QueryService.class, "query-service", internal("relay.query", query));
        startGateway("gateway-1", query);
        startGateway("gateway-2", query);
    }

    /// Where clients connect.
    List<URI> gateways() {
        return gateways;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    private void startGateway(String id, int query) throws Exception {
        int broadcast = FreePort.orChosen(0);
        start(BroadcastService.class, "broadcast-service", internal("relay.broadcast", broadcast));
        int port = FreePort.orChosen(0);
        Map<String, Object> settings = new HashMap<>();
        settings.put("relay.gateway.id", id);
        settings.put("relay.gateway.actuator-address", LOOPBACK);
        settings.put("relay.gateway.actuator-port", FreePort.orChosen(0));
        settings.put("relay.address", LOOPBACK);
        settings.put("relay.port", port);
        settings.put("relay.links.query", LOOPBACK + ":" + query);
        settings.put("relay.links.broadcast", LOOPBACK + ":" + broadcast);
        settings.put("relay.limits.enabled", false);
        // On a machine that is busy with other things a verdict takes longer than anybody would wait for.
        settings.put("relay.publish.verdict-within", "60s");
        start(GatewayService.class, "gateway-service", settings);
        gateways.add(URI.create("ws://" + LOOPBACK + ":" + port));
    }

    private static Map<String, Object> internal(String prefix, int port) {
        return Map.of(prefix + ".address", LOOPBACK, prefix + ".port", port);
    }

    private void start(Class<?> service, String module, Map<String, Object> own)
            throws InterruptedException, IOException {
        Map<String, Object> settings = new HashMap<>(shared);
        settings.putAll(own);
        settings.put("spring.config.name", module);
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        ConfigurableApplicationContext context = new SpringApplicationBuilder(service)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .run(arguments);
        running.push(context);
        awaitReady(context, module);
    }

    private static void awaitReady(ConfigurableApplicationContext context, String module) throws InterruptedException {
        HealthEndpoint health = context.getBean(HealthEndpoint.class);
        for (int tries = 0; tries < 3000; tries++) {
            var readiness = health.healthForPath("readiness");
            if (readiness != null && readiness.getStatus().equals(Status.UP)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException(module + " does not become ready");
    }
}
