package dev.rookery.broadcast;

import dev.rookery.settings.KafkaProperties;
import dev.rookery.settings.SuiteProperties;
import dev.rookery.topics.Seal;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/// The process: reads all of `nostr.broadcast`, and hands each gateway that has linked one copy of every event that
/// its subscriptions match.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    SuiteProperties.class,
    KafkaProperties.class,
    PostgresProperties.class,
    BroadcastProperties.class
})
@Import({WebConfiguration.class, FeedConfiguration.class, LinkConfiguration.class})
public class BroadcastService {

    public static void main(String[] args) {
        start(args);
    }

    /// As often as wanted in one JVM.
    ///
    /// @param args settings, as `--relay.secret=…`
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(BroadcastService.class)
                .web(WebApplicationType.REACTIVE)
                .bannerMode(Banner.Mode.OFF)
                .properties("spring.config.name=broadcast-service")
                .run(args);
    }

    @Bean
    Seal seal(SuiteProperties suite) {
        return new Seal(suite.secret());
    }
}
