package dev.rookery.indexer;

import dev.rookery.indexer.emission.EmissionConfiguration;
import dev.rookery.indexer.lane.LaneConfiguration;
import dev.rookery.indexer.schema.SchemaConfiguration;
import dev.rookery.indexer.search.SearchConfiguration;
import dev.rookery.indexer.sweep.SweepConfiguration;
import dev.rookery.indexer.verdict.VerdictConfiguration;
import dev.rookery.settings.GivenUp;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The process: consumes `nostr.index` and `nostr.bulk`, decides every event in the one order, stores and emits what is
/// accepted.
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
    WebConfiguration.class,
    StoreConfiguration.class,
    SchemaConfiguration.class,
    LaneConfiguration.class,
    VerdictConfiguration.class,
    EmissionConfiguration.class,
    SweepConfiguration.class,
    SearchConfiguration.class,
    FlowConfiguration.class,
    BulkConfiguration.class,
    HealthConfiguration.class
})
public class IndexerService {

    /// The process ends when the service gives itself up, so that whoever runs it starts it again.
    public static void main(String[] args) {
        application().listeners(new GivenUp(() -> System.exit(1))).run(args);
    }

    /// As often as wanted in one JVM. It is up before it is ready: what has to be as this release needs it is
    /// awaited, and made, beside.
    ///
    /// @param args settings, as `--relay.secret=…`
    public static ConfigurableApplicationContext start(String... args) {
        return application().run(args);
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(IndexerService.class)
                .web(WebApplicationType.REACTIVE)
                .bannerMode(Banner.Mode.OFF)
                .properties("spring.config.name=indexer-service");
    }
}
