package dev.rookery.query.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.signature.Sha256;
import java.util.List;
import java.util.Optional;

/// NIP-45: 256 registers from which others can tell how many authors there are, and put together what several relays
/// have counted. Which bytes of an author's key are looked at, the filter says.
final class HyperLogLog {

    private static final int REGISTERS = 256;
    private static final int FIRST_OFFSET = 8;
    private static final int DECISIVE_DIGIT = 32;
    private static final int BITS = 56;

    private final int offset;
    private final byte[] registers = new byte[REGISTERS];

    private HyperLogLog(int offset) {
        this.offset = offset;
    }

    /// For one filter, whose first tag has one value: for filters without a tag "behavior isn't yet defined", nor is it
    /// for several.
    static Optional<HyperLogLog> of(List<Filter> filters) {
        if (filters.size() != 1 || filters.getFirst().tags().isEmpty()) {
            return Optional.empty();
        }
        List<String> values = filters.getFirst().tags().values().iterator().next();
        return values.size() == 1 ? Optional.of(new HyperLogLog(offset(hex(values.getFirst())))) : Optional.empty();
    }

    /// "Take the character at position `32`", "read that character as a base-16 number", "add 8 to it".
    private static int offset(Bytes32 value) {
        return FIRST_OFFSET + Character.digit(value.toString().charAt(DECISIVE_DIGIT), 16);
    }

    /// Of an id or a key itself, of an address (`kind:key:d`) its key, and of anything else its hash.
    private static Bytes32 hex(String value) {
        String[] parts = value.split(":", 3);
        return Bytes32.parseHex(value)
                .or(() -> parts.length == 3 && isKind(parts[0]) ? Bytes32.parseHex(parts[1]) : Optional.empty())
                .orElseGet(() -> Bytes32.of(Sha256.of(value.getBytes(UTF_8))));
    }

    private static boolean isKind(String text) {
        return !text.isEmpty() && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    /// Where the eight bytes begin that are looked at.
    int offset() {
        return offset;
    }

    /// @param author the eight bytes of an author's key from the offset on: a register, and 56 bits whose leading zeros
    ///     count
    void add(long author) {
        int register = (int) (author >>> BITS);
        int rank = Math.min(BITS, Long.numberOfLeadingZeros(author << 8)) + 1;
        registers[register] = (byte) Math.max(registers[register], rank);
    }

    byte[] registers() {
        return registers.clone();
    }
}
