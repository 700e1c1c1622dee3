package dev.rookery.query.window;

import dev.rookery.topics.TopicTail;
import org.springframework.context.SmartLifecycle;

/// Starts the reading of the log with the service, where there is to be a window, and ends it before the rest.
public final class WindowLifecycle implements SmartLifecycle {

    private final TopicTail tail;
    private final WindowProperties properties;
    private volatile boolean running;

    public WindowLifecycle(TopicTail tail, WindowProperties properties) {
        this.tail = tail;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = !properties.isOff();
        if (running) {
            tail.start();
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            tail.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
