package dev.rookery.query;

import dev.rookery.settings.KafkaProperties;
import dev.rookery.settings.SuiteProperties;
import dev.rookery.topics.Seal;
import java.time.Clock;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/// The process: answers gateways that have linked from what is stored, newest first, in bounded pages.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    SuiteProperties.class,
    KafkaProperties.class,
    PostgresProperties.class,
    QueryProperties.class,
    SearchedKindsProperties.class,
    VisibilityProperties.class
})
@Import({WebConfiguration.class, StoredConfiguration.class, WindowConfiguration.class, LinkConfiguration.class})
public class QueryService {

    public static void main(String[] args) {
        start(args);
    }

    /// As often as wanted in one JVM.
    ///
    /// @param args settings, as `--relay.secret=…`
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(QueryService.class)
                .web(WebApplicationType.REACTIVE)
                .bannerMode(Banner.Mode.OFF)
                .properties("spring.config.name=query-service")
                .run(args);
    }

    @Bean
    Seal seal(SuiteProperties suite) {
        return new Seal(suite.secret());
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
