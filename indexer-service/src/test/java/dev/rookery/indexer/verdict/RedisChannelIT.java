package dev.rookery.indexer.verdict;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testservers.RedisExtension;
import dev.rookery.testservers.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RedisChannelIT {

    private static final int MOST = RedisChannel.MOST_UNANSWERED;
    /// Lettuce takes a few more, for what it may have to say by itself.
    private static final int OF_ITS_OWN = 5;

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    /// No answer is given up within this test.
    @Test
    void dropsWhatARedisThatSaysNothingHasNoRoomFor(TestRedis redis) {
        RedisProperties properties = new RedisProperties(redis.uri(), Duration.ofMinutes(3));
        try (RedisChannel channel = new RedisChannel(properties);
                RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> administration = client.connect()) {
            channel.connect();
            eventually("connected", () -> {
                publish(channel, redis, 1);
                return taken.get() > 0;
            });
            ask(administration, "PAUSE", "180000", "WRITE");
            try {
                dropped.set(0);
                taken.set(0);
                publish(channel, redis, 3 * MOST);
                eventually("dropped", () -> dropped.get() >= 2 * MOST - OF_ITS_OWN);
            } finally {
                ask(administration, "UNPAUSE");
            }
            eventually("the others are taken", () -> taken.get() + dropped.get() >= 3 * MOST);
            assertThat(taken).hasValueGreaterThan(MOST / 2);
        }
    }

    private void publish(RedisChannel channel, TestRedis redis, int messages) {
        for (int i = 0; i < messages; i++) {
            channel.publish(
                    redis.named("verdicts"), new byte[100], isTaken -> (isTaken ? taken : dropped).incrementAndGet());
        }
    }

    private static void ask(StatefulRedisConnection<String, String> administration, String... words) {
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
        List.of(words).forEach(arguments::add);
        assertThat(administration.sync().dispatch(CommandType.CLIENT, new StatusOutput<>(StringCodec.UTF8), arguments))
                .isEqualTo("OK");
    }
}
