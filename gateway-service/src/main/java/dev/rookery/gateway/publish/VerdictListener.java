package dev.rookery.gateway.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.order.VerdictBatch;
import dev.rookery.topics.VerdictMessages;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears verdicts over Redis pub/sub. Redis may come and go: nothing that is lost here stays lost, because what has
/// no verdict is asked for.
public final class VerdictListener implements VerdictSource {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(VerdictListener.class);

    private final RedisClient client;
    private final String gateway;
    private final VerdictMessages messages;
    private final byte[] channel;
    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gateway-verdicts").factory());
    private Consumer<VerdictBatch> decided = batch -> {};
    private boolean complained;
    private volatile @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;

    /// @param url such as `redis://localhost:6379`
    /// @param gateway whose verdicts are wanted
    public VerdictListener(String url, String gateway, VerdictMessages messages) {
        this.gateway = gateway;
        this.messages = messages;
        channel = messages.channel(gateway).getBytes(UTF_8);
        client = RedisClient.create(url);
        client.setOptions(ClientOptions.builder().autoReconnect(true).build());
    }

    /// Connects or, where Redis does not answer, tries again and again until it does.
    @Override
    public void start(Consumer<VerdictBatch> whenDecided) {
        retries.execute(() -> {
            decided = whenDecided;
            connect();
        });
    }

    @Override
    public boolean isConnected() {
        StatefulRedisPubSubConnection<byte[], byte[]> current = connection;
        return current != null && current.isOpen();
    }

    private void connect() {
        try {
            connection = subscribed(client.connectPubSub(ByteArrayCodec.INSTANCE));
        } catch (RuntimeException unreachable) {
            complain(unreachable);
            var _ = retries.schedule(this::connect, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private StatefulRedisPubSubConnection<byte[], byte[]> subscribed(
            StatefulRedisPubSubConnection<byte[], byte[]> opened) {
        opened.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] from, byte[] message) {
                hear(message);
            }
        });
        try {
            opened.sync().subscribe(channel);
            return opened;
        } catch (RuntimeException refused) {
            var _ = opened.closeAsync();
            throw refused;
        }
    }

    private void complain(RuntimeException unreachable) {
        if (!complained) {
            complained = true;
            log.warn("Redis cannot be reached, verdicts are asked for meanwhile: {}", unreachable.getMessage());
        }
    }

    private void hear(byte[] message) {
        try {
            decided.accept(messages.read(gateway, message));
        } catch (IllegalArgumentException unreadable) {
            log.warn("verdicts that cannot be read: {}", unreadable.getMessage());
        }
    }

    @Override
    public void close() {
        retries.shutdownNow();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
