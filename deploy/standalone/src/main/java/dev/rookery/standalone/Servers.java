package dev.rookery.standalone;

import dev.rookery.embedded.EmbeddedKafka;
import dev.rookery.embedded.EmbeddedPostgres;
import dev.rookery.embedded.EmbeddedRedis;
import dev.rookery.embedded.FreePort;
import dev.rookery.embedded.SuiteDatabase;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/// The servers that the services need, with what the services find in them.
final class Servers implements AutoCloseable {

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final EmbeddedRedis redis;
    private final SuiteDatabase database;

    /// @throws IOException when there is no free port
    Servers(DataDirectory directory) throws IOException {
        // Chosen now, so that services can be told of it before the broker is up.
        this.kafka = new EmbeddedKafka(directory.of("kafka"), FreePort.orChosen(0));
        this.postgres = new EmbeddedPostgres(directory.of("postgres"), 0);
        this.redis = new EmbeddedRedis(directory.of("redis"), 0);
        this.database = new SuiteDatabase(postgres, directory.secret());
    }

    void startLog(Steps steps) throws Exception {
        steps.run("Kafka", kafka::start);
        steps.run("Topics", this::declareTopics);
    }

    void startStores(Steps steps) throws Exception {
        Parallel.run(List.of(
                () -> {
                    steps.run("PostgreSQL", postgres::start);
                    steps.run("Database", database::prepare);
                },
                () -> steps.run("Redis", redis::start)));
    }

    /// Where they are, or in the case of the broker will be.
    Stores stores() {
        return new Stores(
                kafka.bootstrapServers(),
                redis.uri(),
                database.port(),
                Map.of(
                        SuiteDatabase.READER, database.password(SuiteDatabase.READER),
                        SuiteDatabase.OWNER, database.password(SuiteDatabase.OWNER)));
    }

    SuiteDatabase database() {
        return database;
    }

    /// @param ended told the name of a server whose process has ended
    @SuppressWarnings("FutureReturnValueIgnored") // it is the caller who hears of it
    void whenOneEnds(Consumer<String> ended) {
        Map.of("PostgreSQL", postgres.pid(), "Redis", redis.pid())
                .forEach((name, pid) -> ProcessHandle.of(pid)
                        .ifPresentOrElse(
                                process -> process.onExit().thenRun(() -> ended.accept(name)),
                                () -> ended.accept(name)));
    }

    @Override
    public void close() {
        try (postgres;
                redis) {
            kafka.close();
        }
    }

    private void declareTopics() {
        try (Admin admin =
                Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            new TopicSetup(new Topics(""), 1).declare(admin);
        }
    }
}
