package dev.rookery.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.broadcast.feed.FeedProperties;
import dev.rookery.broadcast.link.LinkProperties;
import dev.rookery.settings.KafkaProperties;
import dev.rookery.settings.SuiteProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

@Timeout(30)
class SettingsTests {

    private static final String SECRET = "relay.secret=sixteen letters.";

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @EnableConfigurationProperties({
        SuiteProperties.class,
        KafkaProperties.class,
        PostgresProperties.class,
        BroadcastProperties.class
    })
    static class Settings {}

    @Test
    void haveDefaults() {
        runner.withPropertyValues(SECRET).run(context -> {
            assertThat(context.getBean(BroadcastProperties.class))
                    .isEqualTo(new BroadcastProperties(
                            7782,
                            null,
                            new FeedProperties(
                                    Duration.ofMillis(500),
                                    Duration.ofMillis(200),
                                    2000,
                                    DataSize.ofMegabytes(64),
                                    500,
                                    DataSize.ofMegabytes(4),
                                    100_000),
                            new LinkProperties(
                                    DataSize.ofMegabytes(32),
                                    Duration.ofSeconds(1),
                                    1_000_000,
                                    DataSize.ofMegabytes(1),
                                    1_000_000,
                                    Duration.ofSeconds(2),
                                    Duration.ofSeconds(15))));
            assertThat(context.getBean(KafkaProperties.class))
                    .isEqualTo(new KafkaProperties(List.of("localhost:9092"), "", Map.of()));
            assertThat(context.getBean(PostgresProperties.class))
                    .isEqualTo(new PostgresProperties("localhost", 5432, "rookery", "rookery_query", ""));
        });
    }

    @Test
    void areBound() {
        runner.withPropertyValues(
                        SECRET,
                        "relay.broadcast.port=1",
                        "relay.broadcast.address=127.0.0.1",
                        "relay.broadcast.feed.patience=1s",
                        "relay.broadcast.feed.committed-poll=2s",
                        "relay.broadcast.feed.held-back=3",
                        "relay.broadcast.feed.held-back-size=4MB",
                        "relay.broadcast.feed.page=4",
                        "relay.broadcast.feed.page-size=5KB",
                        "relay.broadcast.feed.largest-gap=5",
                        "relay.broadcast.link.buffer=6B",
                        "relay.broadcast.link.heartbeat=7s",
                        "relay.broadcast.link.registrations=8",
                        "relay.broadcast.link.filter-size=9B",
                        "relay.broadcast.link.filter-weight=10",
                        "relay.broadcast.link.linger=11s",
                        "relay.broadcast.link.silence=12s",
                        "relay.kafka.client[security.protocol]=SSL")
                .run(context -> {
                    assertThat(context.getBean(BroadcastProperties.class))
                            .isEqualTo(new BroadcastProperties(
                                    1,
                                    "127.0.0.1",
                                    new FeedProperties(
                                            Duration.ofSeconds(1),
                                            Duration.ofSeconds(2),
                                            3,
                                            DataSize.ofMegabytes(4),
                                            4,
                                            DataSize.ofKilobytes(5),
                                            5),
                                    new LinkProperties(
                                            DataSize.ofBytes(6),
                                            Duration.ofSeconds(7),
                                            8,
                                            DataSize.ofBytes(9),
                                            10,
                                            Duration.ofSeconds(11),
                                            Duration.ofSeconds(12))));
                    assertThat(context.getBean(KafkaProperties.class).settings())
                            .isEqualTo(new HashMap<>(Map.of(
                                    "security.protocol", "SSL", "bootstrap.servers", List.of("localhost:9092"))));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.secret=short",
                "relay.broadcast.port=70000",
                "relay.broadcast.prot=7782",
                "relay.broadcast.feed.patience=0s",
                "relay.broadcast.feed.held-back=0",
                "relay.broadcast.feed.held-back-size=0B",
                "relay.broadcast.feed.page=0",
                "relay.broadcast.feed.page-size=0B",
                "relay.broadcast.link.buffer=0B",
                "relay.broadcast.link.filter-size=1GB",
                "relay.broadcast.link.filter-weight=0",
                "relay.broadcast.link.silence=0s",
                "relay.postgres.port=0"
            })
    void areRefusedWhenTheyCannotBeMeant(String setting) {
        runner.withPropertyValues(SECRET, setting)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void needASecret() {
        runner.run(context -> assertThat(context).hasFailed());
        assertThatThrownBy(() -> new SuiteProperties("short")).hasMessageNotContaining("short");
    }

    @Test
    void keepSecretsToThemselves() {
        assertThat(new SuiteProperties("sixteen letters.")).hasToString("SuiteProperties[]");
        assertThat(new PostgresProperties("host", 1, "base", "user", "hidden").toString())
                .doesNotContain("hidden");
    }
}
