package dev.rookery.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KindsTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 10_000, 19_999})
    void replaceable(int kind) {
        assertThat(Kinds.isReplaceable(kind)).isTrue();
        assertThat(Kinds.isEphemeral(kind) || Kinds.isAddressable(kind) || Kinds.isRegular(kind))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 29_999})
    void ephemeral(int kind) {
        assertThat(Kinds.isEphemeral(kind)).isTrue();
        assertThat(Kinds.isReplaceable(kind) || Kinds.isAddressable(kind) || Kinds.isRegular(kind))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {30_000, 39_999})
    void addressable(int kind) {
        assertThat(Kinds.isAddressable(kind)).isTrue();
        assertThat(Kinds.isReplaceable(kind) || Kinds.isEphemeral(kind) || Kinds.isRegular(kind))
                .isFalse();
    }

    /// Kind 41 is regular, whatever other relays think.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 41, 45, 78, 999, 1_000, 9_999, 40_000, 65_535})
    void regular(int kind) {
        assertThat(Kinds.isRegular(kind)).isTrue();
        assertThat(Kinds.isReplaceable(kind) || Kinds.isEphemeral(kind) || Kinds.isAddressable(kind))
                .isFalse();
    }
}
