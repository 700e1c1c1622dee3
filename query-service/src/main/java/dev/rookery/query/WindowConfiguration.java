package dev.rookery.query;

import dev.rookery.query.stored.ViewPools;
import dev.rookery.query.window.Window;
import dev.rookery.query.window.WindowFeed;
import dev.rookery.query.window.WindowLifecycle;
import dev.rookery.query.window.WindowLoader;
import dev.rookery.settings.KafkaProperties;
import dev.rookery.topics.BroadcastTail;
import dev.rookery.topics.Seal;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

/// From the database and the log to the hot window.
@Configuration(proxyBeanMethods = false)
class WindowConfiguration {

    @Bean
    Window window(QueryProperties properties, MeterRegistry meters) {
        return new Window(properties.window(), meters, System::nanoTime);
    }

    @Bean
    WindowLoader windowLoader(Window window, ViewPools pools, Clock clock, Scheduler workers) {
        return new WindowLoader(window, pools.followed(), clock, workers);
    }

    @Bean(destroyMethod = "close")
    WindowFeed windowFeed(WindowLoader loader, QueryProperties properties) {
        return new WindowFeed(loader, properties.window(), System::nanoTime);
    }

    /// Where another service in this process follows the log too, they have one tail together.
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    BroadcastTail broadcastTail(KafkaProperties kafka, Seal seal) {
        return new BroadcastTail(kafka.settings(), new Topics(kafka.topicPrefix()), seal);
    }

    @Bean
    WindowLifecycle windowLifecycle(BroadcastTail tail, WindowFeed feed, QueryProperties properties) {
        return new WindowLifecycle(tail, feed, properties.window());
    }
}
