package dev.rookery.event;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The value of an `expiration` tag (NIP-40).
final class Expiration {

    private Expiration() {}

    /// Unix seconds from plain decimal digits, the largest number there is where they say more; empty for anything
    /// else.
    static OptionalLong parse(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return OptionalLong.empty();
        }
        long seconds = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            seconds = seconds > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : seconds * 10 + digit;
        }
        return OptionalLong.of(seconds);
    }
}
