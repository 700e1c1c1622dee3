package dev.rookery.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class KeyTests {

    private static final String ZEROS = "0".repeat(64);
    private static final String ONES = "f".repeat(64);

    @Test
    void comesInTheOrderOfNip01() {
        assertThat(List.of(key(5, ONES), key(6, ONES), key(5, ZEROS), key(6, ZEROS)).stream()
                        .sorted())
                .containsExactly(key(6, ZEROS), key(6, ONES), key(5, ZEROS), key(5, ONES));
    }

    @Test
    void isFollowedByTheNextIdOfItsSecond() {
        assertThat(key(5, ZEROS).next()).isEqualTo(key(5, "0".repeat(63) + "1"));
        assertThat(key(5, "0".repeat(48) + "f".repeat(16)).next())
                .isEqualTo(key(5, "0".repeat(47) + "1" + "0".repeat(16)));
        assertThat(key(5, "0".repeat(32) + "f".repeat(32)).next())
                .isEqualTo(key(5, "0".repeat(31) + "1" + "0".repeat(32)));
        assertThat(key(5, "0".repeat(16) + "f".repeat(48)).next())
                .isEqualTo(key(5, "0".repeat(15) + "1" + "0".repeat(48)));
        assertThat(key(5, "7" + "f".repeat(63)).next()).isEqualTo(key(5, "8" + "0".repeat(63)));
    }

    @Test
    void isFollowedByTheSecondBeforeWhenItIsTheLastOfItsOwn() {
        assertThat(key(5, ONES).next()).isEqualTo(Key.startOf(4)).isEqualTo(key(4, ZEROS));
    }

    private static Key key(long createdAt, String id) {
        return new Key(createdAt, Bytes32.ofHex(id));
    }
}
