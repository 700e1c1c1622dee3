package dev.rookery.indexer;

import dev.rookery.indexer.lane.LanePlacement;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.outage.StoppedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

/// The last resort of the consumer's thread: whatever went wrong, the lanes start again from the table. Outages do
/// not come here, the listener waits for their end; what comes is a log that was cut short under way, or a bug.
final class StartAgain implements CommonErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(StartAgain.class);

    private final LanePlacement placement;
    private final Patience patience;

    StartAgain(LanePlacement placement, Patience patience) {
        this.placement = placement;
        this.patience = patience;
    }

    @Override
    public void handleBatch(
            Exception thrown,
            ConsumerRecords<?, ?> data,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            Runnable invokeListener) {
        startAgain(thrown, consumer);
    }

    @Override
    public void handleOtherException(
            Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batchListener) {
        startAgain(thrown, consumer);
    }

    /// What failed was not decided: the group must not be told that it was.
    @Override
    public boolean isAckAfterHandle() {
        return false;
    }

    private void startAgain(Exception thrown, Consumer<?, ?> consumer) {
        // First of all, and for the end of the service too: the consumer is further than what was decided.
        placement.suspend(consumer);
        if (NestedExceptionUtils.getMostSpecificCause(thrown) instanceof StoppedException) {
            return;
        }
        LOG.error("the lanes start again from the database", thrown);
        try {
            patience.rest();
            placement.placeAgain(consumer);
        } catch (StoppedException stopped) {
            LOG.debug("stopped meanwhile", stopped);
        }
    }
}
