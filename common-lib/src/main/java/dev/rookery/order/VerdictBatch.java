package dev.rookery.order;

import dev.rookery.event.Bytes32;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What one transaction decided for the events of one gateway. `VerdictMessages` says how it gets there.
///
/// Bytes: version (1), epoch (8), seq (8), number of entries (4), then for each entry its id (32) and code (1).
///
/// @param decidedAt the last position given out by the transaction: whoever has read up to there sees all of its
///   effects
public record VerdictBatch(Position decidedAt, List<Entry> entries) {

    private static final byte VERSION = 1;
    private static final int HEAD = 1 + 8 + 8 + 4;
    private static final int WIDTH = 32 + 1;

    public record Entry(Bytes32 id, Decision decision) {}

    public VerdictBatch {
        entries = List.copyOf(entries);
    }

    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + entries.size() * WIDTH);
        bytes.put(VERSION).putLong(decidedAt.epoch()).putLong(decidedAt.seq()).putInt(entries.size());
        for (Entry entry : entries) {
            bytes.put(entry.id().toBytes()).put((byte) entry.decision().code());
        }
        return bytes.array();
    }

    /// @throws IllegalArgumentException when the bytes are not those of a batch that this release can read
    public static VerdictBatch decode(byte[] message) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(message);
            if (bytes.get() != VERSION) {
                throw new IllegalArgumentException("verdicts of an unknown version");
            }
            Position decidedAt = new Position(bytes.getLong(), bytes.getLong());
            int count = bytes.getInt();
            if (bytes.remaining() != (long) count * WIDTH) {
                throw new IllegalArgumentException("verdicts cut short");
            }
            List<Entry> entries = new ArrayList<>(count);
            for (int at = HEAD; at < message.length; at += WIDTH) {
                entries.add(new Entry(Bytes32.of(message, at), Decision.ofCode(message[at + 32])));
            }
            return new VerdictBatch(decidedAt, entries);
        } catch (BufferUnderflowException cutShort) {
            throw new IllegalArgumentException("verdicts cut short", cutShort);
        }
    }
}
