package dev.rookery.query.negentropy;

import java.util.Arrays;

/// Answers the messages of one reconciliation from records that do not change. It keeps nothing between messages:
/// each says all that its answer depends on.
public final class Responder {

    private static final int VERSION = 0x61;
    private static final int FIRST_VERSION = 0x60;
    private static final int LAST_VERSION = 0x6F;

    private static final int SKIP = 0;
    private static final int FINGERPRINT = 1;
    private static final int IDS = 2;

    private static final int BUCKETS = 16;

    /// For what is still said of all that does not fit into a frame.
    private static final int RESERVE = 200;

    /// As long as sixteen fingerprints can get.
    private static final int SPLIT = BUCKETS * (10 + 1 + 32 + 1 + 16);

    /// With less, the first range might not fit, and both sides would say the same for ever.
    private static final int SMALLEST_FRAME = 4096;

    private final Records records;
    private final int frame;

    /// @param frame the longest answer, in bytes
    public Responder(Records records, int frame) {
        if (frame < SMALLEST_FRAME) {
            throw new IllegalArgumentException("frames of " + frame + " bytes are too small for Negentropy");
        }
        this.records = records;
        this.frame = frame;
    }

    /// "If a server receives a message with a protocol version that it cannot handle, it should reply with a single
    /// byte containing the highest protocol version it supports."
    ///
    /// @throws MalformedNegentropyException unless it is a message of Negentropy
    public byte[] answer(byte[] message) {
        MessageBytes in = new MessageBytes(message);
        int version = in.octet();
        if (version < FIRST_VERSION || version > LAST_VERSION) {
            throw new MalformedNegentropyException("a message of an unknown protocol");
        }
        return version == VERSION ? new Answer(in).written() : new byte[] {VERSION};
    }

    /// One answer on its way, range by range. Ranges that need no word are put off, and left out at the end.
    private final class Answer {

        private final MessageBytes in;
        private final MessageSink out = new MessageSink();
        /// Where the range begins that is looked at, as a bound and as a place.
        private Bound begin = Bound.START;
        private int first;
        private boolean skipping;

        private Answer(MessageBytes in) {
            this.in = in;
            out.octet(VERSION);
        }

        private byte[] written() {
            boolean hasRoom = true;
            while (hasRoom && in.hasMore()) {
                hasRoom = range() && (out.size() <= frame - RESERVE || !in.hasMore());
            }
            if (!hasRoom) {
                sayNothing();
                fingerprint(Bound.END, first, records.size());
            }
            return out.toBytes();
        }

        /// False when not all that is to be said of it had room.
        private boolean range() {
            Bound end = in.bound();
            if (end.isBefore(begin)) {
                throw new MalformedNegentropyException("ranges that do not follow each other");
            }
            int last = records.lowerBound(first, end);
            return switch ((int) Math.min(in.varint(), Integer.MAX_VALUE)) {
                case SKIP -> skip(end, last);
                case FINGERPRINT -> compare(in.take(16), end, last);
                case IDS -> {
                    in.skipIds(in.varint());
                    yield list(end, last);
                }
                default -> throw new MalformedNegentropyException("a range of an unknown mode");
            };
        }

        private boolean skip(Bound end, int last) {
            skipping = true;
            begin = end;
            first = last;
            return true;
        }

        private boolean compare(byte[] theirs, Bound end, int last) {
            if (Arrays.equals(theirs, records.fingerprint(first, last))) {
                return skip(end, last);
            }
            if (last - first < 2 * BUCKETS) {
                return list(end, last);
            }
            if (out.size() > frame - RESERVE - SPLIT) {
                return false;
            }
            sayNothing();
            split(end, last);
            return true;
        }

        /// A fingerprint of each sixteenth.
        private void split(Bound end, int last) {
            int count = last - first;
            int from = first;
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                int to = from + count / BUCKETS + (bucket < count % BUCKETS ? 1 : 0);
                fingerprint(to == last ? end : records.boundBefore(to), from, to);
                from = to;
            }
            begin = end;
            first = last;
        }

        /// All ids of a range that this side has, or as many as there is room for.
        private boolean list(Bound end, int last) {
            int room = (frame - RESERVE - out.size()) / 32 - 3;
            if (room <= 0 && last > first) {
                return false;
            }
            sayNothing();
            int until = Math.min(last, first + Math.max(0, room));
            Bound bound = until == last
                    ? end
                    : new Bound(records.second(until), records.id(until).toBytes());
            out.bound(bound);
            out.varint(IDS);
            out.varint(until - first);
            for (int place = first; place < until; place++) {
                out.bytes(records.id(place).toBytes());
            }
            begin = bound;
            first = until;
            return until == last;
        }

        private void fingerprint(Bound end, int from, int to) {
            out.bound(end);
            out.varint(FINGERPRINT);
            out.bytes(records.fingerprint(from, to));
        }

        /// Ranges that were put off, as one.
        private void sayNothing() {
            if (skipping) {
                out.bound(begin);
                out.varint(SKIP);
                skipping = false;
            }
        }
    }
}
