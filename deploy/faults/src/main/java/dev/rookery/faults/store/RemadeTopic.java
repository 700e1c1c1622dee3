package dev.rookery.faults.store;

import dev.rookery.embedded.Await;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A topic that is deleted and made again, empty and under the same name.
public final class RemadeTopic {

    private static final Duration BOUND = Duration.ofMinutes(1);

    private final Admin admin;
    private final String name;

    public RemadeTopic(Admin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    /// Returns when nobody finds it any more.
    public void delete() throws Exception {
        admin.deleteTopics(List.of(name)).all().get();
        await("is deleted", () -> !isThere());
    }

    /// As the suite declares it.
    public void make() throws IOException {
        await("is made", () -> {
            try {
                new TopicSetup(new Topics(""), 1).declare(admin);
                return isThere();
            } catch (KafkaException deletionGoesOn) {
                return false;
            }
        });
    }

    private boolean isThere() {
        try {
            admin.describeTopics(List.of(name)).allTopicNames().get();
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private void await(String what, Await.Condition condition) throws IOException {
        if (!Await.until(BOUND, condition)) {
            throw new IllegalStateException("Not within " + BOUND + ": " + name + " " + what);
        }
    }
}
