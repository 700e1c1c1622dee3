package dev.rookery.indexer;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.rookery.testservers.KafkaExtension;
import dev.rookery.testservers.TestKafka;
import dev.rookery.topics.TopicSetup;
import dev.rookery.topics.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// That topics which others made are looked at before anything is written to them.
@ExtendWith(KafkaExtension.class)
@Timeout(120)
class TopicsIT {

    private Admin admin;

    @BeforeEach
    void connect(TestKafka kafka) {
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void disconnect() {
        admin.close();
    }

    @Test
    void takesWhatItMadeAndRefusesItWhereMoreCopiesAreAskedFor(TestKafka kafka) {
        Topics topics = new Topics(kafka.named("made"));
        new TopicSetup(topics, 1).declare(admin);
        assertThatNoException().isThrownBy(() -> new TopicSetup(topics, 1).declare(admin));
        assertThatIllegalStateException()
                .isThrownBy(() -> new TopicSetup(topics, 3).declare(admin))
                .withMessageContainingAll(
                        topics.index() + " has 1 copies and needs 3",
                        topics.broadcast() + " has min.insync.replicas=1 and needs 2");
    }

    @Test
    void refusesATopicThatKeepsOnlyTheLastEventOfEachAuthor(TestKafka kafka) throws Exception {
        Topics topics = new Topics(kafka.named("compacted"));
        NewTopic compacted = new NewTopic(topics.index(), Topics.INDEX_PARTITIONS, (short) 1);
        String largest = Integer.toString(Topics.MAX_RECORD_BYTES);
        admin.createTopics(
                        List.of(compacted.configs(Map.of("cleanup.policy", "compact", "max.message.bytes", largest))))
                .all()
                .get();
        assertThatIllegalStateException()
                .isThrownBy(() -> new TopicSetup(topics, 1).declare(admin))
                .withMessage("topic %s has cleanup.policy=compact and needs delete".formatted(topics.index()));
    }
}
