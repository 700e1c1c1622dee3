package dev.rookery.indexer;

import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.BatchProperties;
import dev.rookery.indexer.batch.DeletionTargets;
import dev.rookery.indexer.batch.Preparation;
import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.deadletter.DeadLetterPublisher;
import dev.rookery.indexer.decision.Sequencer;
import dev.rookery.indexer.emission.EmissionPublisher;
import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.kafka.GatheringConsumers;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.lane.HighestSeen;
import dev.rookery.indexer.lane.LaneReading;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.indexer.schema.EventsSchema;
import dev.rookery.indexer.schema.YearPartitions;
import dev.rookery.indexer.verdict.VerdictPublisher;
import dev.rookery.signature.SignatureChecks;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/// The way of an event, put together.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchProperties.class)
class FlowConfiguration {

    private static final long IDLE_MILLIS = 1_000;
    private static final Duration AUTHENTICATE_AGAIN_AFTER = Duration.ofSeconds(5);

    @Bean
    DeadLetterPublisher deadLetterPublisher(KafkaClients clients, MeterRegistry meters) {
        return new DeadLetterPublisher(clients.producer(), meters);
    }

    /// Where decided records go, and those that never can be.
    record Outlets(VerdictPublisher verdicts, EmissionPublisher emission, DeadLetterPublisher deadLetters) {}

    @Bean
    Outlets outlets(VerdictPublisher verdicts, EmissionPublisher emission, DeadLetterPublisher deadLetters) {
        return new Outlets(verdicts, emission, deadLetters);
    }

    @Bean
    FlowMeters flowMeters(MeterRegistry meters) {
        return new FlowMeters(meters);
    }

    @Bean
    Preparation preparation(LogRecords log, SuiteProperties suite) {
        return new Preparation(log, SignatureChecks.best(), new DeletionTargets(suite.addresses()));
    }

    @Bean
    IndexListener.Steps liveSteps(
            Preparation preparation,
            BatchProperties bounds,
            Deciding deciding,
            Outlets outlets,
            @Qualifier("liveReading") LaneReading reading) {
        return new IndexListener.Steps(
                preparation::prepare,
                new BatchCutter(bounds),
                outlets.deadLetters(),
                deciding.live()::decide,
                outlets.verdicts()::publish,
                outlets.emission()::emit,
                reading.groupOffsets()::tell);
    }

    /// Who decides, for each thread that does.
    record Deciding(Sequencer live, Sequencer bulk) {}

    @Bean
    Deciding deciding(
            @Qualifier("decidingSession") PostgresSession live,
            @Qualifier("bulkSession") PostgresSession bulk,
            HighestSeen highest) {
        return new Deciding(new Sequencer(live, highest), new Sequencer(bulk, highest));
    }

    @Bean
    IndexListener indexListener(
            @Qualifier("liveSteps") IndexListener.Steps steps,
            @Qualifier("liveReading") LaneReading reading,
            Outbox outbox,
            Patience patience,
            FlowMeters meters) {
        return new IndexListener(steps, reading, outbox, patience, meters);
    }

    /// Started by [IndexerRun].
    @Bean
    @Order(1)
    KafkaMessageListenerContainer<byte[], byte[]> indexContainer(
            KafkaClients clients,
            Topics topics,
            @Qualifier("indexListener") IndexListener listener,
            @Qualifier("liveReading") LaneReading reading,
            Patience patience) {
        ContainerProperties properties = containerProperties(topics.index(), reading, IDLE_MILLIS);
        properties.setMessageListener(listener);
        return container(
                "indexer",
                new GatheringConsumers(clients.groupConsumer()),
                properties,
                new StartAgain(reading.placement(), patience));
    }

    /// @param idleMillis how long no record comes until the listener is told that it is idle, and again
    static ContainerProperties containerProperties(String topic, LaneReading reading, long idleMillis) {
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setIdleEventInterval(idleMillis);
        // Only between polls is it looked for.
        properties.setPollTimeout(idleMillis);
        properties.setConsumerRebalanceListener(reading.placement());
        // Positions are the database's; the listener tells the group about them by itself.
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        properties.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
        // A broker may be unable to tell for a moment who may do what: without this, that would end the consumer.
        properties.setAuthExceptionRetryInterval(AUTHENTICATE_AGAIN_AFTER);
        return properties;
    }

    static KafkaMessageListenerContainer<byte[], byte[]> container(
            String name,
            ConsumerFactory<byte[], byte[]> consumers,
            ContainerProperties properties,
            StartAgain startAgain) {
        var container = new KafkaMessageListenerContainer<>(consumers, properties);
        container.setBeanName(name);
        container.setAutoStartup(false);
        container.setCommonErrorHandler(startAgain);
        return container;
    }

    @Bean
    IdleWatch idleWatch() {
        return new IdleWatch();
    }

    @Bean
    ConsumerWatch consumerWatch(ApplicationEventPublisher events) {
        return new ConsumerWatch(events);
    }

    @Bean
    Chores chores(List<Chore> chores, MeterRegistry meters) {
        return new Chores("housekeeping", chores, meters);
    }

    @Bean
    IndexerRun indexerRun(
            IndexerRun.Preparations preparations,
            List<Chores> chores,
            List<MessageListenerContainer> containers,
            Patience patience,
            ApplicationEventPublisher events) {
        return new IndexerRun(preparations, chores, containers, patience, events);
    }

    @Bean
    IndexerRun.Preparations preparations(EventsSchema schema, YearPartitions partitions, DeclaredTopics topics) {
        return new IndexerRun.Preparations(schema, partitions, topics);
    }
}
