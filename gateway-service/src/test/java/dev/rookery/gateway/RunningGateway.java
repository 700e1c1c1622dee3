package dev.rookery.gateway;

import static org.awaitility.Awaitility.await;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.publish.EventLog;
import dev.rookery.signature.SchnorrSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The gateway as it runs, except that log, verdicts and statuses are fakes.
final class RunningGateway implements AutoCloseable {

    static final SchnorrSigner SIGNER = signer(7);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final FakeLog log = new FakeLog();
    final FakeVerdicts verdicts = new FakeVerdicts();
    final FakeStatuses statuses = new FakeStatuses();
    final ConfigurableApplicationContext context;
    private final int port;

    private RunningGateway(String... settings) {
        ApplicationContextInitializer<GenericApplicationContext> fakes = fresh -> {
            fresh.addBeanFactoryPostProcessor(factory -> {
                var registry = (org.springframework.beans.factory.support.BeanDefinitionRegistry) factory;
                for (String name : List.of("eventLog", "logOpening", "verdictListener", "statusSource")) {
                    registry.removeBeanDefinition(name);
                }
                factory.registerSingleton("eventLog", opened(log));
                factory.registerSingleton("verdictListener", verdicts);
                factory.registerSingleton("statusSource", statuses);
            });
        };
        context = new SpringApplicationBuilder(GatewayService.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(
                        "spring.config.name=gateway-service",
                        "relay.secret=a secret for tests",
                        "relay.port=0",
                        "relay.address=127.0.0.1",
                        "relay.gateway.actuator-port=-1",
                        "relay.links.query=localhost:1",
                        "relay.links.broadcast=localhost:1")
                .initializers(fakes)
                .run(settings);
        port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static EventLog opened(FakeLog log) {
        EventLog opened = new EventLog();
        opened.open(log);
        return opened;
    }

    static RunningGateway start(String... settings) {
        return new RunningGateway(settings);
    }

    /// One whose services are these, with its link to the store.
    static RunningGateway startLinked(FakeServices services, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--relay.links.query=" + services.address());
        all.add("--relay.links.broadcast=" + services.address());
        RunningGateway gateway = start(all.toArray(String[]::new));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.bean(QueryClient.class).isLinked());
        return gateway;
    }

    int port() {
        return port;
    }

    /// The information document of NIP-11.
    JsonNode document() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                .header("Accept", "application/nostr+json")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    RawClient client(String... headers) throws IOException {
        return RawClient.open(port, headers);
    }

    static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        secret[30] = (byte) (number >>> 8);
        return new SchnorrSigner(secret);
    }

    static long now() {
        return Instant.now().getEpochSecond();
    }

    static Event event(int kind, String content) {
        return Event.of(SIGNER, now(), kind, List.<Tag>of(), content);
    }

    static String publish(Event event) {
        return "[\"EVENT\"," + event + "]";
    }

    static String ok(Bytes32 id, boolean accepted, String message) {
        return "[\"OK\",\"" + id + "\"," + accepted + ",\"" + message + "\"]";
    }

    @Override
    public void close() {
        context.close();
    }
}
