package dev.rookery.query;

import dev.rookery.query.stored.Views;
import dev.rookery.query.window.Window;
import dev.rookery.query.window.WindowFeed;
import dev.rookery.query.window.WindowLifecycle;
import dev.rookery.query.window.WindowLoader;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Seal;
import dev.rookery.topics.TopicTail;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
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
    WindowLoader windowLoader(Window window, Views views, Clock clock, Scheduler workers) {
        return new WindowLoader(window, views, clock, workers);
    }

    @Bean(destroyMethod = "close")
    WindowFeed windowFeed(WindowLoader loader, LogRecords codec, QueryProperties properties) {
        return new WindowFeed(loader, codec, properties.window(), System::nanoTime);
    }

    @Bean
    LogRecords logRecords(KafkaProperties kafka, Seal seal) {
        return new LogRecords(new Topics(kafka.topicPrefix()), seal);
    }

    @Bean(destroyMethod = "close")
    TopicTail topicTail(KafkaProperties kafka, WindowFeed feed) {
        Topics topics = new Topics(kafka.topicPrefix());
        return new TopicTail(kafka.settings(), topics.broadcast(), Topics.BROADCAST_PARTITIONS, feed);
    }

    @Bean
    WindowLifecycle windowLifecycle(TopicTail tail, QueryProperties properties) {
        return new WindowLifecycle(tail, properties.window());
    }
}
