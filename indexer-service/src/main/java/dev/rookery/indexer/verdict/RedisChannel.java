package dev.rookery.indexer.verdict;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection to Redis for publishing. While there is none, messages are dropped at once and nothing is kept for
/// later; of a Redis that keeps the connection and says nothing, so many wait for an answer and no more.
final class RedisChannel implements AutoCloseable {

    /// In a second of much load, a few of them wait.
    static final int MOST_UNANSWERED = 1_000;

    private final RedisClient client;
    private final RedisURI uri;
    private final AtomicBoolean connecting = new AtomicBoolean();
    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;

    RedisChannel(RedisProperties properties) {
        uri = RedisURI.create(properties.url());
        uri.setTimeout(properties.timeout());
        client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(properties.timeout()))
                .build());
    }

    /// Begins to connect, if there has never been a connection; after that the client keeps it by itself. Does not
    /// wait.
    void connect() {
        if (connection == null && connecting.compareAndSet(false, true)) {
            var _ = client.connectAsync(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), uri)
                    .whenComplete((opened, failure) -> {
                        connection = opened;
                        connecting.set(false);
                    });
        }
    }

    /// @param outcome told later, on another thread, whether Redis took the message
    void publish(String channel, byte[] message, Consumer<Boolean> outcome) {
        StatefulRedisConnection<String, byte[]> open = connection;
        if (open == null) {
            outcome.accept(false);
            return;
        }
        open.async().publish(channel, message).whenComplete((receivers, failure) -> outcome.accept(failure == null));
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
