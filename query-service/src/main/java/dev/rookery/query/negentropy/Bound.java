package dev.rookery.query.negentropy;

import java.util.Arrays;

/// Where a range ends, exclusively: a time, and the first bytes of an id, to be thought of as followed by zeros.
///
/// @param second   Unix seconds
/// @param idPrefix up to 32 bytes
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bound(long second, byte[] idPrefix) {

    /// The time of the bound behind everything.
    static final long INFINITY = Long.MAX_VALUE;

    static final Bound START = new Bound(0, new byte[0]);
    static final Bound END = new Bound(INFINITY, new byte[0]);

    boolean isBefore(Bound other) {
        return second != other.second ? second < other.second : Arrays.compareUnsigned(padded(), other.padded()) < 0;
    }

    /// The whole 32 bytes.
    byte[] padded() {
        return Arrays.copyOf(idPrefix, 32);
    }
}
