package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All open WebSocket connections, by the event loop that each is confined to.
public final class Connections {

    private static final String NAME = "rookery.connection";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private final ConnectionProperties properties;
    private final int maxMessageBytes;
    private final Function<Peer, Conversation> conversations;
    private final LongSupplier nanos;
    private final OutboundMeter outboundMeter;
    private final Backlogs backlogs;
    private final Counter opened;
    private final Counter takenCompressed;
    private final Counter lost;
    private final Counter failed;
    private final ConcurrentHashMap<EventLoop, Set<Connection>> byLoop = new ConcurrentHashMap<>();
    private final FastThreadLocal<Deflation> deflations = new DeflationOfThread();
    private final ConcurrentHashMap<EventLoop, Turn> turns = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean stopping;

    /// Time and meters.
    ///
    /// @param nanos as `System.nanoTime`
    public record Instruments(LongSupplier nanos, MeterRegistry registry) {}

    private final class DeflationOfThread extends FastThreadLocal<Deflation> {

        @Override
        protected Deflation initialValue() {
            return new Deflation(properties.compression() == Compression.ALL);
        }

        @Override
        protected void onRemoval(Deflation deflation) {
            deflation.end();
        }
    }

    public Connections(
            ConnectionProperties properties,
            int maxMessageBytes,
            Function<Peer, Conversation> conversations,
            Instruments instruments) {
        MeterRegistry registry = instruments.registry();
        this.properties = properties;
        this.maxMessageBytes = maxMessageBytes;
        this.conversations = conversations;
        this.nanos = instruments.nanos();
        this.outboundMeter = new OutboundMeter(registry);
        this.backlogs = new Backlogs(properties.maxPendingMemory().toBytes(), registry);
        this.opened = registry.counter("rookery.gateway.connections.opened");
        this.takenCompressed = registry.counter("rookery.gateway.connections.compressed");
        this.lost = registry.counter("rookery.gateway.connections.lost");
        this.failed = registry.counter("rookery.gateway.messages.failed");
        registry.gauge("rookery.gateway.connections.open", open);
    }

    /// Takes a connection over after its handshake, on its event loop.
    ///
    /// @param compressed whether permessage-deflate was negotiated
    /// @param before the handler that must not see what clients send
    public void take(Channel channel, AddressBlock address, boolean compressed, String before) {
        Newcomers.leave(channel);
        Deflation deflation = compressed ? deflations.get() : null;
        channel.pipeline().addBefore(before, NAME, new Connection(channel, address, this, deflation));
        if (compressed) {
            takenCompressed.increment();
        }
    }

    /// Whether clients that offer permessage-deflate get it.
    public boolean mayCompress() {
        return properties.compression() != Compression.NONE;
    }

    public int open() {
        return open.get();
    }

    /// Ends all connections: nothing more is read, answers that are due are waited for, then everyone is told 1001
    /// and those who do not go are cut off. Blocks; twice the bound at most.
    public void stop() {
        stopping = true;
        forEach(Connection::pace);
        await(() -> countAwaiting() == 0);
        forEach(connection -> connection.close(Connection.GOING_AWAY, "the relay is going away"));
        await(() -> open.get() == 0);
        forEach(Connection::cut);
    }

    boolean stopping() {
        return stopping;
    }

    long now() {
        return nanos.getAsLong();
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    Outbound outbound(Channel channel, AddressBlock address, @Nullable Deflation deflation) {
        Turn turn = turns.computeIfAbsent(channel.eventLoop(), Turn::new);
        var shared = new LoopShare(properties.outbound(), outboundMeter, turn, backlogs);
        return new Outbound(channel, address, shared, deflation);
    }

    Conversation converse(Peer peer) {
        return conversations.apply(peer);
    }

    void opened(Connection connection) {
        opened.increment();
        open.incrementAndGet();
        byLoop.computeIfAbsent(connection.channel().eventLoop(), this::watch).add(connection);
        if (stopping) {
            connection.close(Connection.GOING_AWAY, "the relay is going away");
        }
    }

    void closed(Connection connection) {
        Set<Connection> ofLoop = byLoop.get(connection.channel().eventLoop());
        if (ofLoop != null && ofLoop.remove(connection)) {
            open.decrementAndGet();
        }
    }

    /// A connection was cut because nothing was heard of its client, or nothing taken by it.
    void lost() {
        lost.increment();
    }

    /// A message, or a whole connection, could not be handled through our own fault.
    void failed(Throwable failure) {
        failed.increment();
        log.error("a message could not be handled", failure);
    }

    private Set<Connection> watch(EventLoop loop) {
        Set<Connection> connections = Collections.newSetFromMap(new IdentityHashMap<>());
        long period = LOOK_EVERY.toMillis();
        var _ = loop.scheduleWithFixedDelay(() -> look(connections), period, period, TimeUnit.MILLISECONDS);
        return connections;
    }

    private void look(Set<Connection> connections) {
        long now = now();
        for (Connection connection : List.copyOf(connections)) {
            try {
                connection.look(now, properties);
            } catch (RuntimeException | Error ours) {
                // Thrown on, it would have been the last look after any of them.
                failed(ours);
                connection.cut();
            }
        }
    }

    private void forEach(Consumer<Connection> action) {
        byLoop.forEach((loop, connections) ->
                loop.execute(() -> List.copyOf(connections).forEach(action)));
    }

    private int countAwaiting() {
        AtomicInteger awaiting = new AtomicInteger();
        Map<EventLoop, Set<Connection>> loops = Map.copyOf(byLoop);
        CountDownLatch asked = new CountDownLatch(loops.size());
        loops.forEach((loop, connections) -> loop.execute(() -> {
            connections.stream().filter(Connection::awaitsAnswers).forEach(some -> awaiting.incrementAndGet());
            asked.countDown();
        }));
        try {
            return asked.await(1, TimeUnit.SECONDS) ? awaiting.get() : 1;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void await(BooleanSupplier done) {
        long end = System.nanoTime() + properties.shutdownWithin().toNanos();
        while (!done.getAsBoolean()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(10_000_000L);
        }
    }
}
