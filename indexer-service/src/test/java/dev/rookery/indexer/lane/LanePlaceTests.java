package dev.rookery.indexer.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.indexer.lane.LanePlace.Misfit;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LanePlaceTests {

    private static final UUID TOPIC = new UUID(1, 1);
    private static final Bytes32 DIGEST = new Bytes32(1, 2, 3, 4);
    private static final LaneRow AT_50 = new LaneRow(TOPIC, 50, 3, DIGEST);

    @Test
    void startsALaneThatTheTableDoesNotKnowAtTheLogsStart() {
        LanePlace place = LanePlace.of(null, log(7, 100, 3));
        assertThat(place.row().decided()).isEqualTo(7);
        assertThat(place.found()).isEqualTo(-1);
        assertThat(place.misfit()).isEmpty();
    }

    @Test
    void goesOnWhereTheTableIs() {
        LanePlace place = LanePlace.of(AT_50, log(0, 100, 3).withLastDecided(DIGEST));
        assertThat(place.row()).isEqualTo(AT_50);
        assertThat(place.misfit()).isEmpty();
        assertThat(LanePlace.of(AT_50, log(50, 50, 3)).misfit())
                .as("nothing to look at")
                .isEmpty();
    }

    @Test
    void startsATopicThatWasMadeAgainFromItsStart() {
        LaneRow former = new LaneRow(new UUID(9, 9), 50, 3, DIGEST);
        LanePlace place = LanePlace.of(former, new LaneLog(TOPIC, 0, 100, 0, 40, null, OptionalLong.empty()));
        assertPlace(place, 0, Misfit.TOPIC_RECREATED);
        assertThat(place.row().topicId()).isEqualTo(TOPIC);
        assertThat(place.committed()).as("the former topic's").isEqualTo(-1);
        LaneRow empty = new LaneRow(new UUID(9, 9), 0, -1, null);
        assertThat(LanePlace.of(empty, log(0, 0, 0)).misfit())
                .as("nothing was lost")
                .isEmpty();
    }

    @Test
    void goesOnFromTheEndOfTheEpochThatALogBehindTheDatabaseHasInCommon() {
        assertPlace(LanePlace.of(AT_50, log(0, 30, 4).withDivergence(20)), 20, Misfit.LOG_BEHIND);
        assertPlace(LanePlace.of(AT_50, log(0, 80, 4).withDivergence(20)), 20, Misfit.LOG_BEHIND);
    }

    @Test
    void startsFromTheLogsStartWhereNothingInCommonIsKnown() {
        assertPlace(LanePlace.of(AT_50, log(5, 30, 4)), 5, Misfit.LOG_BEHIND);
        assertPlace(LanePlace.of(AT_50, log(5, 30, 3).withDivergence(30)), 5, Misfit.LOG_BEHIND);
        assertPlace(
                LanePlace.of(AT_50, log(5, 80, 4).withLastDecided(new Bytes32(9, 9, 9, 9))), 5, Misfit.OTHER_RECORDS);
        assertPlace(LanePlace.of(AT_50, log(60, 80, 4)), 60, Misfit.RECORDS_EXPIRED);
    }

    private static void assertPlace(LanePlace place, long offset, @Nullable Misfit misfit) {
        assertThat(place.row().decided()).isEqualTo(offset);
        assertThat(place.misfit()).contains(misfit);
        assertThat(place.row().digest()).as("of another record").isNull();
        assertThat(place.row().leaderEpoch()).isEqualTo(-1);
    }

    private static LaneLog log(long start, long end, int leaderEpoch) {
        return new LaneLog(TOPIC, start, end, leaderEpoch, -1, null, OptionalLong.empty());
    }
}
