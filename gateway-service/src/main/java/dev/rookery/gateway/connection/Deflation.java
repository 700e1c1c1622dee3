package dev.rookery.gateway.connection;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// What permessage-deflate (RFC 7692) makes of single messages, without context takeover: each is compressed, and
/// inflated, by itself. So one serves all connections of an event loop, and none of them holds anything of it between
/// two messages. Not thread-safe.
///
/// An event that goes to many subscriptions is compressed once. What differs stands before it, as a block that is
/// stored and not compressed; such a block ends at a byte, and what follows refers to nothing in it.
final class Deflation {

    /// Below this size a message would become some tens of bytes shorter.
    static final int FROM_BYTES = 256;

    private static final int FIRST_ROOM_BYTES = 1024;
    private static final int ROOM_KEPT_BYTES = 64 << 10;

    /// An empty block that is stored. 7.2.1: whoever compresses leaves the end of a message out, whoever inflates puts
    /// it there.
    private static final int END_BYTES = 4;

    /// That end, and a final block without content, which is understood only where a block may begin: so a message
    /// that breaks off is told from one that is whole.
    private static final byte[] END = {0, 0, -1, -1, 1, 0, 0, -1, -1};

    /// 7.2.3.4 lets a message have final blocks in its midst. Each costs more than it says.
    private static final int MOST_FINAL_BLOCKS = 8;

    private static final int STORED_HEAD_BYTES = 5;
    private static final byte[] NOTHING = {};
    private static final byte[] EVENT_END = {']'};

    private final boolean all;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final Inflater inflater = new Inflater(true);
    private byte[] room = new byte[FIRST_ROOM_BYTES];
    private byte[] lastEvent = NOTHING;
    private boolean lastTried;
    private byte @Nullable [] lastDeflated;

    /// @param all false to compress only what goes to several
    Deflation(boolean all) {
        this.all = all;
    }

    /// The end of an EVENT message, from the event on; null where it is to be sent as it is. It is remembered for the
    /// next recipient. Where only what goes to several is compressed, the first is sent it as it is.
    ///
    /// @param json the same array for all recipients
    @SuppressWarnings("ReferenceEquality") // who sends it to several sends the same array
    byte @Nullable [] event(byte[] json) {
        boolean isFirst = json != lastEvent;
        if (isFirst) {
            lastEvent = json;
            lastDeflated = null;
            lastTried = false;
        }
        if (!lastTried && (all || !isFirst)) {
            lastDeflated = deflated(json, EVENT_END, STORED_HEAD_BYTES);
            lastTried = true;
        }
        return lastDeflated;
    }

    /// The beginning of a message as a block that is stored (RFC 1951, 3.2.4).
    static byte[] stored(byte[] beginning) {
        int length = beginning.length;
        byte[] block = new byte[STORED_HEAD_BYTES + length];
        block[1] = (byte) length;
        block[2] = (byte) (length >>> 8);
        block[3] = (byte) ~length;
        block[4] = (byte) (~length >>> 8);
        System.arraycopy(beginning, 0, block, STORED_HEAD_BYTES, length);
        return block;
    }

    /// A whole message, for one recipient; null where it is to be sent as it is.
    byte @Nullable [] message(byte[] text) {
        return all ? deflated(text, NOTHING, 0) : null;
    }

    private byte @Nullable [] deflated(byte[] text, byte[] end, int loss) {
        int most = text.length + end.length - loss;
        if (text.length < FROM_BYTES) {
            return null;
        }
        byte[] out = roomFor(most + END_BYTES);
        deflater.reset();
        deflater.setInput(text);
        int length = deflater.deflate(out, 0, most + END_BYTES);
        if (!deflater.needsInput()) {
            return null;
        }
        deflater.setInput(end);
        length += deflater.deflate(out, length, most + END_BYTES - length, Deflater.SYNC_FLUSH);
        return length < most + END_BYTES ? Arrays.copyOf(out, length - END_BYTES) : null;
    }

    private byte[] roomFor(int bytes) {
        if (bytes > ROOM_KEPT_BYTES) {
            return new byte[bytes];
        }
        if (bytes > room.length) {
            room = new byte[Math.min(ROOM_KEPT_BYTES, 2 * bytes)];
        }
        return room;
    }

    /// The message that was sent so, or why it cannot be had. No more than one byte above the bound is inflated,
    /// whatever it would become.
    ///
    /// @param mostBytes of the message when inflated
    Frame inflated(byte[] data, int length, int mostBytes) {
        try {
            byte[] text = inflate(data, length, mostBytes);
            return text == null ? Frame.Broken.tooLarge(mostBytes) : new Frame.Text(text);
        } catch (DataFormatException corrupt) {
            return new Frame.Broken(Frame.NOT_UTF8, "message cannot be inflated");
        } finally {
            inflater.reset();
        }
    }

    /// @return null when it is too large
    private byte @Nullable [] inflate(byte[] data, int length, int mostBytes) throws DataFormatException {
        byte[] text = new byte[Math.min(mostBytes + 1, 4 * length + FIRST_ROOM_BYTES)];
        boolean atEnd = false;
        int finals = 0;
        int size = 0;
        inflater.setInput(data, 0, length);
        while (true) {
            size += inflater.inflate(text, size, text.length - size);
            if (size > mostBytes) {
                return null;
            } else if (size == text.length) {
                text = Arrays.copyOf(text, Math.min(mostBytes + 1, 2 * text.length));
            } else if (!inflater.finished()) {
                require(!atEnd && inflater.needsInput());
                inflater.setInput(END);
                atEnd = true;
            } else if (!atEnd) {
                require(++finals <= MOST_FINAL_BLOCKS);
                int left = inflater.getRemaining();
                inflater.reset();
                inflater.setInput(data, length - left, left);
            } else {
                require(inflater.getRemaining() == 0);
                return Arrays.copyOf(text, size);
            }
        }
    }

    private static void require(boolean wellFormed) throws DataFormatException {
        if (!wellFormed) {
            throw new DataFormatException();
        }
    }

    /// Gives the native memory back.
    void end() {
        deflater.end();
        inflater.end();
    }
}
