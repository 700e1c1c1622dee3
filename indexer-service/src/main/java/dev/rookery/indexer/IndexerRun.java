package dev.rookery.indexer;

import dev.rookery.indexer.chore.Chores;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.outage.StoppedException;
import dev.rookery.indexer.schema.EventsSchema;
import dev.rookery.indexer.schema.YearPartitions;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.MessageListenerContainer;

/// Begins to decide once the stores are there and as they have to be, and ends with the batch at hand. Waits beside
/// the start of the service, which is up and not ready meanwhile.
final class IndexerRun implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(IndexerRun.class);
    private static final Duration FAREWELL = Duration.ofSeconds(15);
    private static final String NOT_READY = "the stores are not as they have to be: nothing is decided until they are";

    private final Preparations preparations;
    private final List<Chores> chores;
    private final List<MessageListenerContainer> containers;
    private final Patience patience;
    private final ApplicationEventPublisher events;
    private final Thread beginning = Thread.ofPlatform().name("beginning").unstarted(this::begin);

    /// What has to be as this release needs it.
    record Preparations(EventsSchema schema, YearPartitions partitions, DeclaredTopics topics) {}

    /// @param containers first the one that matters most
    /// @param events told when there is no beginning, and so no use in this process
    IndexerRun(
            Preparations preparations,
            List<Chores> chores,
            List<MessageListenerContainer> containers,
            Patience patience,
            ApplicationEventPublisher events) {
        this.preparations = preparations;
        this.chores = List.copyOf(chores);
        this.containers = List.copyOf(containers);
        this.patience = patience;
        this.events = events;
    }

    @Override
    public void start() {
        beginning.start();
    }

    private void begin() {
        try {
            patience.untilRepaired(NOT_READY, preparations.schema()::migrate);
            patience.untilRepaired(NOT_READY, preparations.partitions()::extend);
            patience.untilRepaired(NOT_READY, preparations.topics()::declare);
            chores.forEach(Chores::start);
            containers.forEach(MessageListenerContainer::start);
        } catch (StoppedException stopped) {
            LOG.debug("stopped before the beginning", stopped);
        } catch (RuntimeException | Error failure) {
            // This is the thread's edge: nobody else would hear of it.
            LOG.error("nothing can be decided: this process has to be started again", failure);
            AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
        }
    }

    @Override
    public void stop() {
        patience.end();
        try {
            beginning.join(FAREWELL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        containers.forEach(MessageListenerContainer::stop);
        chores.forEach(Chores::stop);
    }

    @Override
    public boolean isRunning() {
        return beginning.getState() != Thread.State.NEW;
    }
}
