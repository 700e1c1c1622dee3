package dev.rookery.indexer;

import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.BatchProperties;
import dev.rookery.indexer.batch.Preparation;
import dev.rookery.indexer.chore.Chore;
import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.deadletter.DeadLetterPublisher;
import dev.rookery.indexer.decision.Sequencer;
import dev.rookery.indexer.emission.EmissionPublisher;
import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.kafka.KafkaClients;
import dev.rookery.indexer.lane.GroupOffsets;
import dev.rookery.indexer.lane.HighestSeen;
import dev.rookery.indexer.lane.LanePlacement;
import dev.rookery.indexer.lane.Lanes;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.postgres.PostgresSession;
import dev.rookery.indexer.schema.EventsSchema;
import dev.rookery.indexer.schema.YearPartitions;
import dev.rookery.indexer.verdict.VerdictPublisher;
import dev.rookery.signature.SignatureChecks;
import dev.rookery.topics.LogRecords;
import dev.rookery.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/// The way of an event, put together.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchProperties.class)
class FlowConfiguration {

    private static final long IDLE_MILLIS = 1_000;

    @Bean
    DeadLetterPublisher deadLetterPublisher(KafkaClients clients, MeterRegistry meters) {
        return new DeadLetterPublisher(clients.producer(), meters);
    }

    @Bean
    Sequencer sequencer(@Qualifier("decidingSession") PostgresSession session, HighestSeen highest) {
        return new Sequencer(session, highest);
    }

    @Bean
    IndexListener.Steps steps(
            Lanes lanes, LogRecords log, BatchProperties bounds, Sequencer sequencer, Outlets outlets) {
        return new IndexListener.Steps(
                lanes,
                new Preparation(log, SignatureChecks.best()),
                new BatchCutter(bounds),
                sequencer,
                outlets.verdicts(),
                outlets.emission(),
                outlets.deadLetters());
    }

    /// Where decided records go.
    record Outlets(VerdictPublisher verdicts, EmissionPublisher emission, DeadLetterPublisher deadLetters) {}

    @Bean
    Outlets outlets(VerdictPublisher verdicts, EmissionPublisher emission, DeadLetterPublisher deadLetters) {
        return new Outlets(verdicts, emission, deadLetters);
    }

    @Bean
    IndexListener.Positions positions(LanePlacement placement, GroupOffsets groupOffsets) {
        return new IndexListener.Positions(placement, groupOffsets);
    }

    @Bean
    IndexListener indexListener(
            IndexListener.Steps steps,
            IndexListener.Positions positions,
            Outbox outbox,
            Patience patience,
            MeterRegistry meters) {
        return new IndexListener(steps, positions, outbox, patience, new FlowMeters(meters));
    }

    /// Started by [IndexerRun].
    @Bean
    MessageListenerContainer indexContainer(
            KafkaClients clients, Topics topics, IndexListener listener, LanePlacement placement, Patience patience) {
        ContainerProperties properties = new ContainerProperties(topics.index());
        properties.setMessageListener(listener);
        properties.setConsumerRebalanceListener(placement);
        // Positions are the database's; the listener tells the group about them by itself.
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        properties.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
        properties.setIdleEventInterval(IDLE_MILLIS);
        var consumers = new DefaultKafkaConsumerFactory<>(
                clients.groupConsumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var container = new KafkaMessageListenerContainer<>(consumers, properties);
        container.setBeanName("indexer");
        container.setAutoStartup(false);
        container.setCommonErrorHandler(new StartAgain(placement, patience));
        return container;
    }

    @Bean
    Chores chores(List<Chore> chores, MeterRegistry meters) {
        return new Chores(chores, meters);
    }

    @Bean
    IndexerRun indexerRun(
            IndexerRun.Preparations preparations,
            Chores chores,
            MessageListenerContainer container,
            Patience patience) {
        return new IndexerRun(preparations, chores, container, patience);
    }

    @Bean
    IndexerRun.Preparations preparations(EventsSchema schema, YearPartitions partitions, DeclaredTopics topics) {
        return new IndexerRun.Preparations(schema, partitions, topics);
    }
}
