package dev.rookery.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommittedPollsTests {

    private final CommittedPolls polls = new CommittedPolls(3);

    @Test
    void areDueEachTimeWhileNothingIsApplied() {
        assertThat(polls.isDue(Position.NONE)).isTrue();
        assertThat(polls.isDue(Position.NONE)).isTrue();
    }

    @Test
    void areDueEachSoManyTimesWhileRecordsArrive() {
        String due = "";
        for (int seq = 1; seq <= 7; seq++) {
            due += polls.isDue(new Position(1, seq)) ? "+" : "-";
        }
        assertThat(due).isEqualTo("--+--+-");
        assertThat(polls.isDue(new Position(1, 7))).as("nothing came").isTrue();
        assertThat(polls.isDue(new Position(1, 8))).isFalse();
    }
}
