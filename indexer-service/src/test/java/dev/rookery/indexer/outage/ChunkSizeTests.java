package dev.rookery.indexer.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChunkSizeTests {

    private final ChunkSize size = new ChunkSize(10);

    @ParameterizedTest
    @ValueSource(strings = {"25P04", "57014"})
    void asksForHalfAsMuchAfterATimeOutAndNeverForNothing(String state) {
        for (int expected : new int[] {10, 5, 2, 1, 1}) {
            fails(expected, state);
        }
    }

    @Test
    void asksForMoreAgainLittleByLittle() {
        fails(10, "25P04");
        for (int expected : new int[] {5, 6, 7, 8, 10, 10}) {
            assertThat(size.<Integer>ask(given -> given)).isEqualTo(expected);
        }
    }

    /// Another size would not end an outage.
    @Test
    void asksForAsMuchAfterAnOutage() {
        fails(10, "08006");
        assertThat(size.<Integer>ask(given -> given)).isEqualTo(10);
    }

    private void fails(int expected, String state) {
        assertThatThrownBy(() -> size.ask(given -> {
                    assertThat(given).isEqualTo(expected);
                    throw new StoreUnavailableException("PostgreSQL", new SQLException("planted", state));
                }))
                .isInstanceOf(StoreUnavailableException.class);
    }
}
