package dev.rookery.testservers;

import dev.rookery.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/// Injects [TestRedis]; `@ExtendWith(RedisExtension.class)` on the test class.
public final class RedisExtension extends ServerExtension<RedisServer, TestRedis> {

    private static final String IMAGE = "redis:7";
    private static final int PORT = 6379;

    public RedisExtension() {
        super(RedisServer.class, TestRedis.class);
    }

    @Override
    RedisServer startServer(ServerSource source) {
        return switch (source) {
            case EMBEDDED -> embedded();
            case CONTAINERS -> container();
        };
    }

    @Override
    TestRedis part(RedisServer server, String owner) {
        return new TestRedis(server.uri(), owner);
    }

    private static RedisServer embedded() {
        try {
            Path directory = ServerSource.newDirectory("redis");
            EmbeddedRedis redis = new EmbeddedRedis(directory, 0);
            EmbeddedHandle handle = ServerSource.started(redis, directory);
            return new RedisServer(redis.uri(), handle);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static RedisServer container() {
        GenericContainer<?> redis = new GenericContainer<>(DockerImageName.parse(IMAGE)).withExposedPorts(PORT);
        redis.start();
        return new RedisServer("redis://" + redis.getHost() + ":" + redis.getMappedPort(PORT), redis);
    }
}
