package dev.rookery.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.Acknowledgment;

class BulkListenerTests {

    private static final TopicPartition FIRST = new TopicPartition("bulk", 0);
    private static final TopicPartition SECOND = new TopicPartition("bulk", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final List<ConsumerRecord<byte[], byte[]>> passed = new ArrayList<>();
    private boolean open;
    private int rewound;
    private final BulkListener listener =
            new BulkListener(new Flow(), behind -> rewound++, asking -> open, new SimpleMeterRegistry());

    private final class Flow implements LaneListener {

        @Override
        public void onMessage(
                List<ConsumerRecord<byte[], byte[]>> records,
                @Nullable Acknowledgment ignored,
                @Nullable Consumer<?, ?> reader) {
            passed.addAll(records);
        }

        @Override
        public void onIdle(Consumer<?, ?> reader) {}
    }

    @BeforeEach
    void assign() {
        consumer.assign(List.of(FIRST));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void pausesItsLanesAndTakesNothingWhileTheGateIsClosed() {
        hand(FIRST);

        assertThat(passed).isEmpty();
        assertThat(rewound).isEqualTo(1);
        assertThat(consumer.paused()).containsExactly(FIRST);
    }

    @Test
    void readsOnInAQuietMomentOnceTheGateIsOpen() {
        hand(FIRST);
        listener.onIdle(consumer);
        assertThat(consumer.paused()).containsExactly(FIRST);

        open = true;
        listener.onIdle(consumer);
        assertThat(consumer.paused()).isEmpty();
    }

    /// A lane that came with a rebalance is not paused, and as long as there is much in it no moment is quiet.
    @Test
    void readsOnInThePausedLanesWhenAnotherBringsRecordsAndTheGateIsOpen() {
        hand(FIRST);
        consumer.assign(List.of(FIRST, SECOND));
        consumer.pause(List.of(FIRST));

        open = true;
        hand(SECOND);

        assertThat(passed).hasSize(1);
        assertThat(consumer.paused()).isEmpty();
    }

    private void hand(TopicPartition lane) {
        var record = new ConsumerRecord<>(lane.topic(), lane.partition(), 0, new byte[0], new byte[0]);
        listener.onMessage(List.of(record), null, consumer);
    }
}
