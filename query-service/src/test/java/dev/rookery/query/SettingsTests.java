package dev.rookery.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.query.answer.AnswerProperties;
import dev.rookery.query.answer.CountProperties;
import dev.rookery.query.answer.SearchProperties;
import dev.rookery.query.answer.SyncProperties;
import dev.rookery.query.link.LinkProperties;
import dev.rookery.query.stored.ViewProperties;
import dev.rookery.query.stored.ViewServer;
import dev.rookery.query.window.WindowProperties;
import dev.rookery.settings.SuiteProperties;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
        PostgresProperties.class,
        QueryProperties.class,
        SearchedKindsProperties.class,
        VisibilityProperties.class
    })
    static class Settings {}

    @Test
    void haveDefaults() {
        runner.withPropertyValues(SECRET).run(context -> {
            assertThat(context.getBean(QueryProperties.class))
                    .isEqualTo(new QueryProperties(
                            7781,
                            null,
                            0,
                            new ViewProperties(
                                    List.of(),
                                    8,
                                    512,
                                    Duration.ofSeconds(5),
                                    Duration.ofSeconds(7),
                                    Duration.ofMillis(20)),
                            new WindowProperties(
                                    DataSize.ofMegabytes(64),
                                    List.of(0, 10_002, 10_050, 10_063, 10_000, 3),
                                    20_000,
                                    Duration.ofMillis(20),
                                    Duration.ofSeconds(5),
                                    Duration.ofMillis(500)),
                            new AnswerProperties(
                                    500,
                                    1_000_000,
                                    DataSize.ofKilobytes(256),
                                    500,
                                    Duration.ofSeconds(10),
                                    100_000,
                                    5_000),
                            new SearchProperties(5_000, 2_000, DataSize.ofMegabytes(4), Duration.ofSeconds(2)),
                            new CountProperties(4, 1_000_000, Duration.ofSeconds(10)),
                            new SyncProperties(
                                    500_000,
                                    1_000_000,
                                    Duration.ofSeconds(10),
                                    Duration.ofMinutes(1),
                                    DataSize.ofKilobytes(128)),
                            new LinkProperties(
                                    1_000,
                                    500,
                                    DataSize.ofMegabytes(16),
                                    DataSize.ofMegabytes(4),
                                    Duration.ofSeconds(30),
                                    DataSize.ofMegabytes(4),
                                    Duration.ofSeconds(15))));
            assertThat(context.getBean(SearchedKindsProperties.class).kinds())
                    .contains(0, 1, 30_023, 34_550)
                    .doesNotContain(4, 1059, 30_024);
            assertThat(context.getBean(PostgresProperties.class))
                    .isEqualTo(new PostgresProperties("localhost", 5432, "rookery", "rookery_query", ""));
        });
    }

    @Test
    void areBound() {
        runner.withPropertyValues(
                        SECRET,
                        "relay.query.port=1",
                        "relay.query.address=127.0.0.1",
                        "relay.query.workers=2",
                        "relay.query.view.replicas=one,two:5433",
                        "relay.query.view.connections=3",
                        "relay.query.view.waiting=4",
                        "relay.query.view.statement=5s",
                        "relay.query.view.silence=6s",
                        "relay.query.view.behind=7ms",
                        "relay.query.window.size=50B",
                        "relay.query.window.whole-kinds=55,56",
                        "relay.query.window.looks=51",
                        "relay.query.window.behind=52ms",
                        "relay.query.window.patience=53s",
                        "relay.query.window.committed-poll=54s",
                        "relay.query.answer.default-limit=8",
                        "relay.query.answer.max-limit=9",
                        "relay.query.answer.page-size=10B",
                        "relay.query.answer.page-events=11",
                        "relay.query.answer.patience=12s",
                        "relay.query.answer.range-events=13",
                        "relay.query.answer.questions=14",
                        "relay.query.search.candidates=20",
                        "relay.query.search.unwritten=21",
                        "relay.query.search.unwritten-size=22B",
                        "relay.query.search.patience=23s",
                        "relay.query.count.at-once=40",
                        "relay.query.count.most=24",
                        "relay.query.count.within=25s",
                        "relay.query.sync.most=26",
                        "relay.query.sync.held=27",
                        "relay.query.sync.within=28s",
                        "relay.query.sync.idle=29s",
                        "relay.query.sync.frame=30KB",
                        "relay.search.kinds=1,9",
                        "relay.visibility.private-kinds=4,1059",
                        "relay.query.link.requests=15",
                        "relay.query.link.questions=41",
                        "relay.query.link.buffer=16B",
                        "relay.query.link.credit=17B",
                        "relay.query.link.credit-within=20s",
                        "relay.query.link.filter-size=1MB",
                        "relay.query.link.silence=18s",
                        "relay.postgres.host=db",
                        "relay.postgres.port=19",
                        "relay.postgres.database=d",
                        "relay.postgres.user=u",
                        "relay.postgres.password=p")
                .run(context -> {
                    assertThat(context.getBean(QueryProperties.class))
                            .isEqualTo(new QueryProperties(
                                    1,
                                    "127.0.0.1",
                                    2,
                                    new ViewProperties(
                                            List.of("one", "two:5433"),
                                            3,
                                            4,
                                            Duration.ofSeconds(5),
                                            Duration.ofSeconds(6),
                                            Duration.ofMillis(7)),
                                    new WindowProperties(
                                            DataSize.ofBytes(50),
                                            List.of(55, 56),
                                            51,
                                            Duration.ofMillis(52),
                                            Duration.ofSeconds(53),
                                            Duration.ofSeconds(54)),
                                    new AnswerProperties(
                                            8, 9, DataSize.ofBytes(10), 11, Duration.ofSeconds(12), 13, 14),
                                    new SearchProperties(20, 21, DataSize.ofBytes(22), Duration.ofSeconds(23)),
                                    new CountProperties(40, 24, Duration.ofSeconds(25)),
                                    new SyncProperties(
                                            26,
                                            27,
                                            Duration.ofSeconds(28),
                                            Duration.ofSeconds(29),
                                            DataSize.ofKilobytes(30)),
                                    new LinkProperties(
                                            15,
                                            41,
                                            DataSize.ofBytes(16),
                                            DataSize.ofBytes(17),
                                            Duration.ofSeconds(20),
                                            DataSize.ofMegabytes(1),
                                            Duration.ofSeconds(18))));
                    assertThat(context.getBean(VisibilityProperties.class))
                            .isEqualTo(new VisibilityProperties(Set.of(4, 1059)));
                    assertThat(context.getBean(SearchedKindsProperties.class).kinds())
                            .containsExactlyInAnyOrder(1, 9);
                    assertThat(context.getBean(PostgresProperties.class))
                            .isEqualTo(new PostgresProperties("db", 19, "d", "u", "p"));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.secret=too short",
                "relay.query.port=65536",
                "relay.query.workers=-1",
                "relay.query.unknown=1",
                "relay.query.view.connections=0",
                "relay.query.view.waiting=-1",
                "relay.query.view.statement=0s",
                "relay.query.view.silence=5s",
                "relay.query.view.behind=-1s",
                "relay.query.answer.max-limit=0",
                "relay.query.answer.patience=0s",
                "relay.query.search.candidates=0",
                "relay.query.search.patience=-1s",
                "relay.query.link.requests=0",
                "relay.query.link.credit-within=0s",
                "relay.query.link.filter-size=1GB",
                "relay.query.link.filter-size=1023KB",
                "relay.query.link.silence=0s",
                "relay.postgres.port=0"
            })
    void areRefusedWhenTheyMakeNoSense(String setting) {
        runner.withPropertyValues(SECRET, setting)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void areToldWithoutSecrets() {
        PostgresProperties postgres = new PostgresProperties("h", 1, "d", "u", "secret");

        assertThat(postgres.toString()
                        + new SuiteProperties("a secret of mine")
                        + new ViewServer("h", 1, "d", "u", "secret"))
                .doesNotContain("secret");
    }

    @Test
    void nameReplicasWithOrWithoutAPort() {
        ViewServer primary = new ViewServer("db", 5432, "d", "u", "p");

        assertThat(primary.at("other")).isEqualTo(new ViewServer("other", 5432, "d", "u", "p"));
        assertThat(primary.at("other:1")).isEqualTo(new ViewServer("other", 1, "d", "u", "p"));
        assertThat(primary.at("[::1]:2")).isEqualTo(new ViewServer("::1", 2, "d", "u", "p"));
        assertThat(primary.at("[::1]")).isEqualTo(new ViewServer("::1", 5432, "d", "u", "p"));
    }
}
