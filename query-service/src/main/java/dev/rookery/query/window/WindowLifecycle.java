package dev.rookery.query.window;

import dev.rookery.topics.BroadcastTail;
import org.springframework.context.SmartLifecycle;

/// Starts the reading of the log with the service, where there is to be a window, and ends it before the rest.
public final class WindowLifecycle implements SmartLifecycle {

    private final BroadcastTail tail;
    private final WindowFeed feed;
    private final WindowProperties properties;
    private volatile boolean running;

    public WindowLifecycle(BroadcastTail tail, WindowFeed feed, WindowProperties properties) {
        this.tail = tail;
        this.feed = feed;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = !properties.isOff();
        if (running) {
            tail.join(feed);
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            tail.leave(feed);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
