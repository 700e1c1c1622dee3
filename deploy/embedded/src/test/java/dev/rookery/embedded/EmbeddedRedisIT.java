package dev.rookery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EmbeddedRedisIT {

    @TempDir
    Path directory;

    @Test
    void writesAndReads() throws Exception {
        try (EmbeddedRedis redis = started()) {
            assertThat(echo(redis.uri())).isEqualTo("value");
        }
    }

    @Test
    void asksForThePassword() throws Exception {
        try (EmbeddedRedis redis = started()) {
            assertThatThrownBy(() -> echo("redis://127.0.0.1:" + redis.port())).isInstanceOf(RedisException.class);
        }
    }

    @Test
    void makesItsDirectoryForItsOwnerAlone() throws Exception {
        Path inside = directory.resolve("a/redis");
        try (EmbeddedRedis redis = new EmbeddedRedis(inside, 0)) {
            redis.start();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void stopsTheOrphanOfAKilledJvm() throws Exception {
        long orphan = KilledJvm.leaving("redis", directory);
        assertThat(ProcessHandle.of(orphan)).hasValueSatisfying(ProcessHandle::isAlive);
        try (EmbeddedRedis next = started()) {
            assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(echo(next.uri())).isEqualTo("value");
        }
    }

    @Test
    void endsItsProcessWhenClosed() throws Exception {
        EmbeddedRedis redis = started();
        long pid = redis.pid();
        redis.close();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private EmbeddedRedis started() throws Exception {
        EmbeddedRedis redis = new EmbeddedRedis(directory, 0);
        redis.start();
        return redis;
    }

    private static String echo(String uri) {
        try (RedisClient client = RedisClient.create(uri);
                var connection = client.connect()) {
            connection.sync().set("key", "value");
            return connection.sync().get("key");
        }
    }
}
