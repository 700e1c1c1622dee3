package dev.rookery.indexer.verdict;

import dev.rookery.indexer.chore.Chore;
import dev.rookery.topics.VerdictMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
public class VerdictConfiguration {

    private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);

    @Bean
    RedisChannel redisChannel(RedisProperties properties) {
        return new RedisChannel(properties);
    }

    @Bean
    VerdictPublisher verdictPublisher(RedisChannel redis, VerdictMessages messages, MeterRegistry meters) {
        return new VerdictPublisher(redis, messages, meters);
    }

    @Bean
    Chore redisConnection(RedisChannel redis) {
        return new Chore("connecting to Redis", RECONNECT_EVERY, redis::connect);
    }
}
