package dev.rookery.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class TopicCheckTests {

    private static final Topics.Declaration EVENTS = Topics.Declaration.events("events", 3);
    private static final Topics.Declaration COMPACTED = new Topics.Declaration("policy", 3, true, 1_000, Duration.ZERO);
    private static final Map<String, String> GOOD = Map.of(
            "cleanup.policy", "delete",
            "min.insync.replicas", "2",
            "unclean.leader.election.enable", "false",
            "retention.ms", "1209600000",
            "max.message.bytes", "9437184");

    @Test
    void takesATopicAsItIsDeclared() {
        assertThat(new TopicCheck(3).faults(EVENTS, topic(3, 3), settings("retention.ms", "1209600000")))
                .isEmpty();
        assertThat(new TopicCheck(3).faults(EVENTS, topic(3, 4), settings("retention.ms", "-1")))
                .as("for ever, with more copies")
                .isEmpty();
        assertThat(new TopicCheck(3).faults(COMPACTED, topic(3, 3), settings("cleanup.policy", "compact")))
                .isEmpty();
    }

    @Test
    void refusesAnotherNumberOfPartitionsOrCopies() {
        assertThat(new TopicCheck(1).faults(EVENTS, topic(4, 1), settings("retention.ms", "1")))
                .containsExactly("topic events has 4 partitions and needs 3");
        assertThat(new TopicCheck(3).faults(EVENTS, topic(3, 2), settings("retention.ms", "-1")))
                .containsExactly("topic events has 2 copies and needs 3");
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact, topic events has cleanup.policy=compact and needs delete",
        "cleanup.policy, 'compact,delete', 'topic events has cleanup.policy=compact,delete and needs delete'",
        "min.insync.replicas, 1, topic events has min.insync.replicas=1 and needs 2",
        "unclean.leader.election.enable, true, topic events has unclean.leader.election.enable=true and needs false",
        "retention.ms, 604799999, topic events has retention.ms=604799999 and needs 604800000",
        "retention.bytes, 1073741824, topic events has retention.bytes=1073741824 and needs -1",
    })
    void refusesWhatCanLoseRecords(String setting, String value, String fault) {
        assertThat(new TopicCheck(3).faults(EVENTS, topic(3, 3), settings(setting, value)))
                .containsExactly(fault);
    }

    /// What the log takes and the broadcast does not would be emitted again for ever.
    @Test
    void refusesATopicThatTakesNoRecordsAsLargeAsTheyMayBe() {
        String least = Integer.toString(EVENTS.maxBytes());
        assertThat(new TopicCheck(1).faults(EVENTS, topic(3, 1), settings("max.message.bytes", least)))
                .isEmpty();
        assertThat(new TopicCheck(1).faults(EVENTS, topic(3, 1), settings("max.message.bytes", "1048588")))
                .containsExactly("topic events has max.message.bytes=1048588 and needs " + least);
    }

    /// On one machine a copy is no help, but compaction loses events there too.
    @Test
    void asksOneMachineForLess() {
        TopicCheck check = new TopicCheck(1);
        for (String setting : List.of("min.insync.replicas", "retention.ms", "retention.bytes")) {
            assertThat(check.faults(EVENTS, topic(3, 1), settings(setting, "1")))
                    .isEmpty();
        }
        assertThat(check.faults(EVENTS, topic(3, 1), settings("cleanup.policy", "compact")))
                .hasSize(1);
        assertThat(check.faults(COMPACTED, topic(3, 1), settings("cleanup.policy", "delete")))
                .hasSize(1);
    }

    private static TopicDescription topic(int partitions, int copies) {
        List<Node> nodes = IntStream.range(0, copies)
                .mapToObj(id -> new Node(id, "host", 1))
                .toList();
        return new TopicDescription(
                "events",
                false,
                IntStream.range(0, partitions)
                        .mapToObj(id -> new TopicPartitionInfo(id, nodes.getFirst(), nodes, nodes))
                        .toList());
    }

    private static Config settings(String changed, String value) {
        Map<String, String> settings = new HashMap<>(GOOD);
        settings.put(changed, value);
        return new Config(settings.entrySet().stream()
                .map(each -> new ConfigEntry(each.getKey(), each.getValue()))
                .toList());
    }
}
