package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.admission.AdmissionLimits;
import dev.rookery.event.Event;
import dev.rookery.gateway.address.ProxyProperties;
import dev.rookery.gateway.connection.Compression;
import dev.rookery.gateway.connection.ConnectionProperties;
import dev.rookery.gateway.face.InfoProperties;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.limits.Rate;
import dev.rookery.gateway.publish.PublishProperties;
import dev.rookery.gateway.subscription.SubscriptionProperties;
import dev.rookery.message.MessageBounds;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/// Settings are an interface: their names, defaults and bounds.
@Timeout(60)
class SettingsTests {

    private static <T> T bind(String prefix, Class<T> type, String... settings) {
        Map<String, String> map =
                Arrays.stream(settings).collect(Collectors.toMap(s -> s.split("=", 2)[0], s -> s.split("=", 2)[1]));
        return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate(prefix, Bindable.of(type));
    }

    @Test
    void limitsAreThoseOfTheDesign() {
        LimitsProperties limits = bind("relay.limits", LimitsProperties.class);
        assertThat(limits.enabled()).isTrue();
        assertThat(limits.messageBytes()).isEqualTo(512 * 1024);
        assertThat(limits.messageBounds()).isEqualTo(MessageBounds.DEFAULT);
        assertThat(limits.admission())
                .isEqualTo(new AdmissionLimits(
                        512_000, 2_000, Instant.ofEpochSecond(946_684_800), Duration.ofSeconds(900), Set.of(), 0));
        assertThat(limits.subscriptions()).isEqualTo(300);
        assertThat(limits.subscriptionWeight()).isEqualTo(30_000);
        assertThat(limits.subscriptionWeightPerAddress()).isEqualTo(150_000);
        assertThat(limits.maxLimit()).isEqualTo(5_000);
        assertThat(limits.defaultLimit()).isEqualTo(500);
        assertThat(limits.eventsPerAuthor()).isEqualTo(new Rate(10, 60));
        assertThat(limits.requestsPerConnection()).isEqualTo(new Rate(100, 300));
        assertThat(limits.requestsPerAddress()).isEqualTo(new Rate(100, 300));
        assertThat(limits.unratedKinds()).containsExactlyInAnyOrder(5, 62, 1059);
    }

    /// NIP-11: both are what a client may rely on.
    @Test
    void theDefaultLimitIsNeverMoreThanTheHighest() {
        LimitsProperties limits = bind("relay.limits", LimitsProperties.class, "relay.limits.max-limit=300");
        assertThat(limits.defaultLimit()).isEqualTo(300);
    }

    @Test
    void bindsEachKindOfValue() {
        LimitsProperties limits = bind(
                "relay.limits",
                LimitsProperties.class,
                "relay.limits.message-size=1MB",
                "relay.limits.refused-kinds=3,4",
                "relay.limits.created-at-from=2020-01-01T00:00:00Z",
                "relay.limits.events-per-address=5 per minute, burst 6");
        assertThat(limits.messageBytes()).isEqualTo(1 << 20);
        assertThat(limits.refusedKinds()).containsExactlyInAnyOrder(3, 4);
        assertThat(limits.createdAtFrom()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(limits.eventsPerAddress()).isEqualTo(new Rate(5, 6));
        assertThat(bind(
                                "relay.proxy",
                                ProxyProperties.class,
                                "relay.proxy.header=forwarded",
                                "relay.proxy.trusted=10.0.0.0/8")
                        .trusted())
                .containsExactly("10.0.0.0/8");
    }

    @Test
    void othersHaveDefaultsToo() {
        ConnectionProperties connections = bind("relay.connections", ConnectionProperties.class);
        assertThat(connections.maxPending()).isEqualTo(DataSize.ofMegabytes(8));
        assertThat(connections.max()).isEqualTo(50_000);
        assertThat(connections.maxPerAddress()).isEqualTo(256);
        assertThat(connections.compression()).isEqualTo(Compression.SHARED);
        PublishProperties publish = bind("relay.publish", PublishProperties.class);
        assertThat(publish.verdictWithin()).isEqualTo(Duration.ofSeconds(2));
        assertThat(publish.statusAfter()).isEqualTo(Duration.ofMillis(250));
        assertThat(publish.statusEvery()).isEqualTo(Duration.ofMillis(50));
        assertThat(publish.maxLag()).isEqualTo(Duration.ofSeconds(10));
        assertThat(publish.knownIds()).isEqualTo(100_000);
        SubscriptionProperties subscriptions = bind("relay.subscriptions", SubscriptionProperties.class);
        assertThat(subscriptions.maxAnswers()).isEqualTo(8);
        assertThat(subscriptions.eoseHints()).as("NIP-67").isFalse();
        assertThat(subscriptions.catchUpSlice()).isEqualTo(256);
        assertThat(subscriptions.credit()).isEqualTo(DataSize.ofKilobytes(512));
        assertThat(subscriptions.maxWaiting()).isEqualTo(10_000);
        assertThat(subscriptions.maxWaitingSize()).isEqualTo(DataSize.ofMegabytes(8));
        assertThat(subscriptions.maxWaitingMemory()).isEqualTo(DataSize.ofMegabytes(128));
        assertThat(subscriptions.maxHeld()).isEqualTo(100_000);
        assertThat(subscriptions.maxHeldSize()).isEqualTo(DataSize.ofMegabytes(64));
        assertThat(subscriptions.maxCatchUp()).isEqualTo(100_000);
        assertThat(subscriptions.catchUpWithin()).isEqualTo(Duration.ofMinutes(1));
        assertThat(subscriptions.standstill()).isEqualTo(Duration.ofSeconds(10));
        assertThat(subscriptions.liveWithin()).isEqualTo(Duration.ofMinutes(1));
        InfoProperties info = bind("relay.info", InfoProperties.class);
        assertThat(info.name()).isEqualTo("Rookery");
        assertThat(info.pubkey()).isNull();
        ProxyProperties proxy = bind("relay.proxy", ProxyProperties.class);
        assertThat(proxy).isEqualTo(new ProxyProperties(List.of(), ProxyProperties.Header.X_FORWARDED_FOR, false));
        GatewayProperties gateway = bind("relay", GatewayProperties.class, "relay.secret=0123456789abcdef");
        assertThat(gateway.port()).isEqualTo(7777);
        assertThat(gateway.address()).isEqualTo("0.0.0.0");
        assertThat(gateway.shownUrl()).isEqualTo(URI.create("ws://localhost:7777"));
        assertThat(gateway.toString()).doesNotContain("0123456789abcdef");
        assertThat(bind("relay.kafka", KafkaProperties.class).producer(1 << 20))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("linger.ms", 0);
    }

    /// One that is taken and cannot be logged or decided would be accepted by nobody, or emitted never.
    @Test
    void theLargestMessageCanBeLoggedAndDecided() {
        LimitsProperties limits = bind("relay.limits", LimitsProperties.class, "relay.limits.message-size=6MB");
        Event event = Event.of(RunningGateway.SIGNER, 1, 1, List.of(), "x".repeat(limits.messageBytes() - 400));
        var records = new LogRecords(new Topics(""), new Seal("a secret for tests"));
        var record = records.toIndex(event, "a gateway's name ".repeat(10), Origin.CLIENT);
        long size = record.value().length;
        for (var header : record.headers()) {
            size += header.key().length() + header.value().length;
        }
        assertThat(size).isBetween((long) limits.messageBytes() - 400, (long) Topics.MAX_EVENT_BYTES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.limits.message-size=100B",
                "relay.limits.message-size=1GB",
                "relay.limits.message-size=7MB",
                "relay.limits.subscriptions=0",
                "relay.limits.subscription-weight=0",
                "relay.limits.max-limit=0",
                "relay.limits.events-per-author=fast",
                "relay.connections.max=0",
                "relay.publish.max-pending=0",
                "relay.publish.known-ids=-1",
                "relay.subscriptions.max-held=0",
                "relay.subscriptions.max-answers=0",
                "relay.proxy.trusted=proxy.example",
                "relay.public-url=https://relay.example",
                "relay.public-url=ws://my_relay:7777",
                "relay.secret=short",
                "relay.port=70000",
                "relay.info.pubkey=npub1",
                "relay.info.name=a name that is too long for NIP-11",
                "relay.kafka.bootstrap-servers="
            })
    void refusesToStartWith(String setting) {
        assertThatThrownBy(() -> RunningGateway.start("--" + setting).close())
                .hasStackTraceContaining(
                        setting.substring(0, setting.indexOf('=')).replaceAll("\\.[^.]*$", ""));
    }

    @Test
    void runsSeveralTimesInOneJvm() throws Exception {
        try (RunningGateway one = RunningGateway.start();
                RunningGateway two = RunningGateway.start()) {
            assertThat(one.port()).isNotEqualTo(two.port());
            for (RunningGateway gateway : List.of(one, two)) {
                try (RawClient client = gateway.client()) {
                    client.text("[\"UNKNOWN\"]");
                    assertThat(client.message()).contains("unknown verb");
                }
            }
        }
    }
}
