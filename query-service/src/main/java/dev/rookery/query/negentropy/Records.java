package dev.rookery.query.negentropy;

import dev.rookery.event.Bytes32;
import dev.rookery.signature.Sha256;
import java.util.Arrays;

/// The records of one side: a time and an id each, in the order of Negentropy, by time and then by id, both rising.
/// 40 bytes each.
public final class Records {

    private static final int LONGS = 5;

    private final long[] packed;
    private final int size;

    private Records(long[] packed, int size) {
        this.packed = packed;
        this.size = size;
    }

    /// Collects what comes newest first, and of one second lowest id first, as stored events do.
    public static final class Collector {

        private long[] packed = new long[64 * LONGS];
        private int size;

        public int size() {
            return size;
        }

        /// @param second Unix seconds
        public void add(long second, Bytes32 id) {
            if ((size + 1) * LONGS > packed.length) {
                packed = Arrays.copyOf(packed, 2 * packed.length);
            }
            int at = size++ * LONGS;
            packed[at] = second;
            packed[at + 1] = id.a();
            packed[at + 2] = id.b();
            packed[at + 3] = id.c();
            packed[at + 4] = id.d();
        }

        /// From the back, each second as a whole.
        public Records records() {
            long[] risen = new long[size * LONGS];
            int written = 0;
            int end = size;
            while (end > 0) {
                int start = end - 1;
                while (start > 0 && packed[(start - 1) * LONGS] == packed[start * LONGS]) {
                    start--;
                }
                int length = (end - start) * LONGS;
                System.arraycopy(packed, start * LONGS, risen, written, length);
                written += length;
                end = start;
            }
            return new Records(risen, size);
        }
    }

    int size() {
        return size;
    }

    long second(int place) {
        return packed[place * LONGS];
    }

    Bytes32 id(int place) {
        int at = place * LONGS;
        return new Bytes32(packed[at + 1], packed[at + 2], packed[at + 3], packed[at + 4]);
    }

    /// The first place from `from` on that is not before the bound.
    int lowerBound(int from, Bound bound) {
        Bytes32 id = Bytes32.of(bound.padded());
        int low = from;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean isBefore = second(middle) != bound.second()
                    ? second(middle) < bound.second()
                    : id(middle).compareTo(id) < 0;
            if (isBefore) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The shortest bound with the place before on one side and the place itself on the other.
    Bound boundBefore(int place) {
        if (second(place - 1) != second(place)) {
            return new Bound(second(place), new byte[0]);
        }
        byte[] id = id(place).toBytes();
        int shared = Arrays.mismatch(id(place - 1).toBytes(), id);
        return new Bound(second(place), Arrays.copyOf(id, shared + 1));
    }

    /// Of the ids of `[from, to)`: the first 16 bytes of SHA-256 over their sum, as little-endian numbers modulo
    /// 2^256, and their count.
    byte[] fingerprint(int from, int to) {
        long[] sum = new long[4];
        for (int place = from; place < to; place++) {
            add(sum, place * LONGS + 1);
        }
        MessageSink hashed = new MessageSink();
        hashed.bytes(new Bytes32(
                        Long.reverseBytes(sum[0]),
                        Long.reverseBytes(sum[1]),
                        Long.reverseBytes(sum[2]),
                        Long.reverseBytes(sum[3]))
                .toBytes());
        hashed.varint(to - from);
        return Arrays.copyOf(Sha256.of(hashed.toBytes()), 16);
    }

    private void add(long[] sum, int at) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long limb = Long.reverseBytes(packed[at + i]);
            long partial = sum[i] + limb;
            long total = partial + carry;
            carry = Long.compareUnsigned(partial, limb) < 0 || Long.compareUnsigned(total, carry) < 0 ? 1 : 0;
            sum[i] = total;
        }
    }
}
