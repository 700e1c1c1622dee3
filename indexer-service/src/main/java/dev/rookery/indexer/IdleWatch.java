package dev.rookery.indexer;

import org.springframework.context.ApplicationListener;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/// Tells each listener, on its own thread, when its own container has nothing for it. Spring tells everyone of every
/// container.
final class IdleWatch implements ApplicationListener<ListenerContainerIdleEvent> {

    @Override
    public void onApplicationEvent(ListenerContainerIdleEvent idle) {
        if (idle.getSource() instanceof AbstractMessageListenerContainer<?, ?> container
                && container.getContainerProperties().getMessageListener() instanceof LaneListener listener) {
            listener.onIdle(idle.getConsumer());
        }
    }
}
