package dev.rookery.query.negentropy;

import dev.rookery.event.Bytes32;
import dev.rookery.signature.Sha256;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// The client's side of NIP-77 in the plainest code there is: sets, big numbers, and each range told by its ends.
final class PlainInitiator {

    private static final BigInteger TWO_TO_256 = BigInteger.ONE.shiftLeft(256);

    final Set<Bytes32> have = new HashSet<>();
    final Set<Bytes32> need = new HashSet<>();
    private final NavigableSet<Item> items;

    record Item(long second, Bytes32 id) implements Comparable<Item> {

        static final Item FIRST = new Item(0, new Bytes32(0, 0, 0, 0));
        static final Item END = new Item(Long.MAX_VALUE, new Bytes32(0, 0, 0, 0));

        @Override
        public int compareTo(Item other) {
            return second != other.second ? Long.compare(second, other.second) : id.compareTo(other.id);
        }
    }

    PlainInitiator(Set<Item> items) {
        this.items = new TreeSet<>(items);
    }

    byte[] first() {
        Writer out = new Writer();
        out.split(items, Item.END);
        return out.bytes();
    }

    /// The next message; only a version when there is nothing left to say.
    byte[] next(byte[] answer) {
        Reader in = new Reader(answer);
        if (in.octet() != 0x61) {
            throw new AssertionError("another version");
        }
        Writer out = new Writer();
        Item from = Item.FIRST;
        while (in.hasMore()) {
            Item to = in.bound();
            NavigableSet<Item> range = items.subSet(from, true, to, false);
            switch ((int) in.varint()) {
                case 0 -> out.skip(to);
                case 1 -> {
                    if (Arrays.equals(in.take(16), fingerprint(range))) {
                        out.skip(to);
                    } else {
                        out.split(range, to);
                    }
                }
                case 2 -> {
                    Set<Bytes32> theirs = in.ids((int) in.varint());
                    Set<Bytes32> ours =
                            new HashSet<>(range.stream().map(Item::id).toList());
                    theirs.stream().filter(id -> !ours.contains(id)).forEach(need::add);
                    ours.stream().filter(id -> !theirs.contains(id)).forEach(have::add);
                    out.skip(to);
                }
                default -> throw new AssertionError("another mode");
            }
            from = to;
        }
        return out.bytes();
    }

    static byte[] fingerprint(NavigableSet<Item> range) {
        BigInteger sum = BigInteger.ZERO;
        for (Item item : range) {
            sum = sum.add(new BigInteger(1, reversed(item.id().toBytes()))).mod(TWO_TO_256);
        }
        byte[] bigEndian = new byte[32];
        byte[] magnitude = sum.toByteArray();
        for (int i = 0; i < Math.min(32, magnitude.length); i++) {
            bigEndian[31 - i] = magnitude[magnitude.length - 1 - i];
        }
        Writer hashed = new Writer();
        hashed.out.reset();
        hashed.out.writeBytes(reversed(bigEndian));
        hashed.varint(range.size());
        return Arrays.copyOf(Sha256.of(hashed.bytes()), 16);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static final class Reader {

        private final byte[] bytes;
        private int at;
        private long second;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasMore() {
            return at < bytes.length;
        }

        int octet() {
            return bytes[at++] & 0xFF;
        }

        byte[] take(int length) {
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }

        long varint() {
            long value = 0;
            int digit;
            do {
                digit = octet();
                value = value * 128 + digit % 128;
            } while (digit >= 128);
            return value;
        }

        Item bound() {
            long told = varint();
            second = told == 0 ? Long.MAX_VALUE : second + told - 1;
            byte[] prefix = take((int) varint());
            return new Item(second, Bytes32.of(Arrays.copyOf(prefix, 32)));
        }

        Set<Bytes32> ids(int count) {
            Set<Bytes32> ids = new HashSet<>();
            for (int i = 0; i < count; i++) {
                ids.add(Bytes32.of(take(32)));
            }
            return ids;
        }
    }

    /// Bounds are told with whole ids, which is legal, if long.
    private static final class Writer {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private long second;

        Writer() {
            out.write(0x61);
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        void varint(long value) {
            if (value >= 128) {
                high(value / 128);
            }
            out.write((int) (value % 128));
        }

        private void high(long value) {
            if (value >= 128) {
                high(value / 128);
            }
            out.write((int) (128 + value % 128));
        }

        void bound(Item to) {
            varint(to.second() == Long.MAX_VALUE ? 0 : to.second() - second + 1);
            second = to.second();
            varint(32);
            out.writeBytes(to.id().toBytes());
        }

        void skip(Item to) {
            bound(to);
            varint(0);
        }

        /// Ids of few, or a fingerprint of each half.
        void split(NavigableSet<Item> range, Item to) {
            if (range.size() < 8) {
                bound(to);
                varint(2);
                varint(range.size());
                range.forEach(item -> out.writeBytes(item.id().toBytes()));
                return;
            }
            Item middle = List.copyOf(range).get(range.size() / 2);
            half(range.headSet(middle, false), middle);
            half(range.tailSet(middle, true), to);
        }

        private void half(NavigableSet<Item> range, Item to) {
            bound(to);
            varint(1);
            out.writeBytes(fingerprint(range));
        }
    }
}
