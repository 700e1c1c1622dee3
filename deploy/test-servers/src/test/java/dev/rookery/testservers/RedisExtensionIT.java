package dev.rookery.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RedisExtensionIT {

    @Test
    void givesAServerThatKeepsValuesInMemory(TestRedis redis) {
        try (RedisClient client = RedisClient.create(redis.uri());
                var connection = client.connect()) {
            connection.sync().set(redis.named("key"), "value");
            assertThat(connection.sync().get(redis.named("key"))).isEqualTo("value");
        }
    }
}
