package dev.rookery.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.batch.BatchProperties;
import dev.rookery.indexer.emission.EmissionProperties;
import dev.rookery.indexer.kafka.KafkaProperties;
import dev.rookery.indexer.postgres.PostgresProperties;
import dev.rookery.indexer.search.SearchProperties;
import dev.rookery.indexer.sweep.SweepProperties;
import dev.rookery.indexer.verdict.RedisProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

@Timeout(20)
class SettingsTests {

    @Test
    void defaultsSuitOneMachine() {
        assertThat(bind("relay.indexer", IndexerProperties.class, Map.of()))
                .isEqualTo(new IndexerProperties(7783, "0.0.0.0"));
        assertThat(bind("relay.indexer.batch", BatchProperties.class, Map.of()))
                .isEqualTo(new BatchProperties(200, DataSize.ofMegabytes(4), 10_000));
        assertThat(bind("relay.indexer.bulk", BulkProperties.class, Map.of()))
                .isEqualTo(new BulkProperties(500, 100, Duration.ofMillis(500)));
        assertThat(bind("relay.indexer.emission", EmissionProperties.class, Map.of()))
                .isEqualTo(new EmissionProperties(
                        64,
                        DataSize.ofMegabytes(32),
                        2000,
                        Duration.ofMinutes(1),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250)));
        assertThat(bind("relay.kafka", KafkaProperties.class, Map.of()))
                .isEqualTo(new KafkaProperties(
                        List.of("localhost:9092"), "", 1, Duration.ofSeconds(1), Duration.ofMinutes(5), Map.of()));
        assertThat(bind("relay.postgres", PostgresProperties.class, Map.of()))
                .isEqualTo(new PostgresProperties(
                        "localhost",
                        5432,
                        "rookery",
                        "rookery_indexer",
                        "",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)));
        assertThat(bind("relay.search", SearchProperties.class, Map.of()).kinds())
                .contains(0, 1, 30_023, 34_550)
                .doesNotContain(4, 1059, 30_024);
        assertThat(bind("relay.indexer.sweep", SweepProperties.class, Map.of()))
                .isEqualTo(new SweepProperties(Duration.ofMinutes(30)));
        assertThat(bind("relay.redis", RedisProperties.class, Map.of()))
                .isEqualTo(new RedisProperties("redis://localhost:6379", Duration.ofSeconds(2)));
    }

    @Test
    void bindsEverySetting() {
        assertThat(bind("relay.indexer.sweep", SweepProperties.class, Map.of("relay.indexer.sweep.vacuum-every", "5m")))
                .isEqualTo(new SweepProperties(Duration.ofMinutes(5)));
        assertThat(bind("relay.search", SearchProperties.class, Map.of("relay.search.kinds", "1,9")))
                .isEqualTo(new SearchProperties(Set.of(1, 9)));
        assertThat(bind(
                        "relay.indexer.bulk",
                        BulkProperties.class,
                        Map.of(
                                "relay.indexer.bulk.max-live-lag", "0",
                                "relay.indexer.bulk.max-events", "7",
                                "relay.indexer.bulk.measure-every", "3s")))
                .isEqualTo(new BulkProperties(0, 7, Duration.ofSeconds(3)));
        assertThat(bind(
                        "relay.indexer.emission",
                        EmissionProperties.class,
                        Map.of(
                                "relay.indexer.emission.max-waiting", "1",
                                "relay.indexer.emission.max-waiting-size", "6KB",
                                "relay.indexer.emission.max-unacknowledged", "2",
                                "relay.indexer.emission.keep", "3m",
                                "relay.indexer.emission.acknowledge-every", "4ms",
                                "relay.indexer.emission.look-for-leftovers-every", "5s")))
                .isEqualTo(new EmissionProperties(
                        1,
                        DataSize.ofKilobytes(6),
                        2,
                        Duration.ofMinutes(3),
                        Duration.ofMillis(4),
                        Duration.ofSeconds(5)));
        assertThat(bind(
                        "relay.indexer.batch",
                        BatchProperties.class,
                        Map.of(
                                "relay.indexer.batch.max-events", "7",
                                "relay.indexer.batch.max-bytes", "8KB",
                                "relay.indexer.batch.max-tags", "9")))
                .isEqualTo(new BatchProperties(7, DataSize.ofKilobytes(8), 9));
        assertThat(bind(
                        "relay.kafka",
                        KafkaProperties.class,
                        Map.of(
                                "relay.kafka.bootstrap-servers", "a:1,b:2",
                                "relay.kafka.topic-prefix", "x.",
                                "relay.kafka.replication", "3",
                                "relay.kafka.max-block", "4s",
                                "relay.kafka.max-poll-interval", "6m",
                                "relay.kafka.client.security.protocol", "SSL")))
                .isEqualTo(new KafkaProperties(
                        List.of("a:1", "b:2"),
                        "x.",
                        3,
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(6),
                        Map.of("security.protocol", "SSL")));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.indexer.batch, max-events, 0",
        "relay.indexer.batch, max-events, 1001",
        "relay.indexer.batch, max-tags, 0",
        "relay.indexer.bulk, max-live-lag, -1",
        "relay.indexer.bulk, max-events, 0",
        "relay.indexer.bulk, max-events, 1001",
        "relay.indexer.emission, max-waiting, 0",
        "relay.indexer.emission, max-unacknowledged, 0",
        "relay.indexer, port, 65536",
        "relay.indexer, address, ''",
        "relay.indexer.sweep, vacuum-every, 0s",
        "relay.postgres, host, ''",
        "relay.postgres, port, 0",
        "relay.kafka, replication, 0",
        "relay.redis, url, ''",
        "relay, secret, too short"
    })
    void refusesWhatCannotWork(String prefix, String name, String value) {
        Class<?> type = switch (prefix) {
            case "relay.indexer" -> IndexerProperties.class;
            case "relay.indexer.batch" -> BatchProperties.class;
            case "relay.indexer.bulk" -> BulkProperties.class;
            case "relay.indexer.emission" -> EmissionProperties.class;
            case "relay.indexer.sweep" -> SweepProperties.class;
            case "relay.postgres" -> PostgresProperties.class;
            case "relay.kafka" -> KafkaProperties.class;
            case "relay.redis" -> RedisProperties.class;
            default -> SuiteProperties.class;
        };
        assertThatThrownBy(() -> bind(prefix, type, Map.of(prefix + "." + name, value)))
                .isInstanceOf(BindException.class);
    }

    @Test
    void showsNoSecrets() {
        assertThat(new SuiteProperties("a secret of sixteen characters", 7777, null).toString())
                .doesNotContain("sixteen");
        assertThat(bind("relay.postgres", PostgresProperties.class, Map.of("relay.postgres.password", "hidden"))
                        .toString())
                .doesNotContain("hidden");
        assertThat(bind("relay.redis", RedisProperties.class, Map.of("relay.redis.url", "redis://:hidden@h:1"))
                        .toString())
                .doesNotContain("hidden");
        assertThatThrownBy(() ->
                        bind("relay.redis", RedisProperties.class, Map.of("relay.redis.url", "redis://:hid^den@h")))
                .satisfies(failure -> assertThat(Throwables.getStackTrace(failure))
                        .contains("is not a URL")
                        .doesNotContain("den@"));
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> settings) {
        try (LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean()) {
            validator.afterPropertiesSet();
            return new Binder(new MapConfigurationPropertySource(settings))
                    .bindOrCreate(
                            prefix,
                            org.springframework.boot.context.properties.bind.Bindable.of(type),
                            new ValidationBindHandler(validator));
        }
    }
}
