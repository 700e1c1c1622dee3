package dev.rookery.broadcast.feed;

import dev.rookery.broadcast.link.LinkProperties;
import dev.rookery.broadcast.link.Links;
import dev.rookery.topics.BroadcastTail;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/// Starts the reading once the web server listens, and ends the links before it stops, so that gateways move on at
/// once.
public final class FeedLifecycle implements SmartLifecycle {

    private final BroadcastTail tail;
    private final BroadcastListener listener;
    private final Owner owner;
    private final Links links;
    private final LinkProperties properties;
    private volatile boolean running;

    public FeedLifecycle(
            BroadcastTail tail, BroadcastListener listener, Owner owner, Links links, LinkProperties properties) {
        this.tail = tail;
        this.listener = listener;
        this.owner = owner;
        this.links = links;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        owner.every(properties.heartbeat(), links::heartbeat);
        tail.join(listener);
    }

    /// Waits for the closing handshakes as long as they may linger.
    @Override
    public void stop() {
        running = false;
        tail.leave(listener);
        CompletableFuture<Void> allClosed = new CompletableFuture<>();
        owner.execute(() -> links.shutDown(() -> allClosed.complete(null)));
        allClosed
                .completeOnTimeout(null, properties.linger().toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
