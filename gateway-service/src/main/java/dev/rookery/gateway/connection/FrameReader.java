package dev.rookery.gateway.connection;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what a client sends (RFC 6455, 5): puts fragments together, lets control frames through in between, and
/// holds no more than has arrived of a message that is not complete. Not thread-safe.
final class FrameReader {

    private static final int CONTINUATION = 0x0;
    private static final int BINARY = 0x2;
    private static final int FIRST_CONTROL = 0x8;
    private static final int MOST_HEAD_BYTES = 14;
    private static final int MOST_CONTROL_BYTES = 125;
    private static final int FIRST_ROOM_BYTES = 1024;
    private static final int NO_MESSAGE = -1;
    private static final byte[] NOTHING = {};
    private static final Frame TOO_MUCH = new Frame.Broken(Frame.NOT_ALLOWED, "too much to inflate");
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int RESERVED_BITS = 0x70;

    /// Text of clients becomes half or a third as long, seldom a tenth. What is inflated beyond this many times its
    /// size is work that cost the client nothing to ask for.
    private static final int USUAL_RATIO = 16;

    /// So many of the largest messages may come of nothing between two calls of `forgetExcess`.
    private static final int MOST_EXCESS_MESSAGES = 8;

    private final int maxMessageBytes;
    private final @Nullable Deflation deflation;
    private final byte[] head = new byte[MOST_HEAD_BYTES];
    private int headLength;
    private boolean inPayload;
    private int payloadRead;
    private int payloadLength;
    private int messageOpcode = NO_MESSAGE;
    private int messageLength;
    private byte[] message = NOTHING;
    private byte[] control = NOTHING;
    private boolean compressed;
    private long excess;
    private boolean broken;

    /// @param maxMessageBytes of a message that was put together, whatever it consists of, and inflated
    /// @param deflation null where permessage-deflate was not negotiated
    FrameReader(int maxMessageBytes, @Nullable Deflation deflation) {
        this.maxMessageBytes = maxMessageBytes;
        this.deflation = deflation;
    }

    /// The next message or control frame; null when more bytes are needed. After `Broken` nothing comes any more.
    @Nullable
    Frame next(ByteBuf in) {
        while (!broken) {
            if (!inPayload) {
                if (!readHead(in)) {
                    return null;
                }
                Frame refused = begin();
                if (refused != null) {
                    broken = true;
                    return refused;
                }
            }
            if (!readPayload(in)) {
                return null;
            }
            Frame whole = end();
            if (whole != null) {
                return whole;
            }
        }
        in.skipBytes(in.readableBytes());
        return null;
    }

    /// Whether a message has begun and not ended.
    boolean isWaiting() {
        return messageOpcode != NO_MESSAGE || inPayload || headLength > 0;
    }

    private boolean readHead(ByteBuf in) {
        while (headLength < headNeeded()) {
            if (!in.isReadable()) {
                return false;
            }
            head[headLength++] = in.readByte();
        }
        return true;
    }

    private int headNeeded() {
        return headLength < 2 ? 2 : 2 + lengthBytes() + (isMasked() ? 4 : 0);
    }

    private int lengthBytes() {
        return switch (head[1] & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private int opcode() {
        return head[0] & 0x0F;
    }

    private boolean isMasked() {
        return (head[1] & 0x80) != 0;
    }

    private boolean isFinal() {
        return (head[0] & 0x80) != 0;
    }

    private boolean isControl() {
        return opcode() >= FIRST_CONTROL;
    }

    private @Nullable Frame begin() {
        String violation = violation();
        if (violation != null) {
            return new Frame.Broken(Frame.PROTOCOL_ERROR, violation);
        }
        long length = statedLength();
        if (isControl()) {
            control = new byte[(int) length];
        } else if (opcode() != CONTINUATION) {
            messageOpcode = opcode();
            compressed = isCompressed();
        }
        if (!isControl() && length > mostBytes() - messageLength) {
            return Frame.Broken.tooLarge(maxMessageBytes);
        }
        payloadLength = (int) length;
        payloadRead = 0;
        inPayload = true;
        return null;
    }

    /// What cannot be compressed becomes somewhat longer when it is; how much, depends on who does it.
    private int mostBytes() {
        return compressed ? maxMessageBytes + (maxMessageBytes >> 4) + 64 : maxMessageBytes;
    }

    private boolean isCompressed() {
        return (head[0] & FrameHead.COMPRESSED) != 0;
    }

    /// RFC 7692, 6.1: the bit stands in the first frame of a message.
    private boolean mayBeCompressed() {
        return deflation != null && (opcode() == FrameHead.TEXT || opcode() == BINARY);
    }

    private @Nullable String violation() {
        int opcode = opcode();
        if ((head[0] & RESERVED_BITS & ~(mayBeCompressed() ? FrameHead.COMPRESSED : 0)) != 0) {
            return "reserved bits set without an extension";
        }
        if (!isMasked()) {
            return "frame of a client not masked";
        }
        if ((opcode > BINARY && opcode < FIRST_CONTROL) || opcode > FrameHead.PONG) {
            return "reserved opcode";
        }
        if (isControl()) {
            return isFinal() && (head[1] & 0x7F) <= MOST_CONTROL_BYTES ? null : "control frame fragmented or too long";
        }
        if ((opcode == CONTINUATION) != (messageOpcode != NO_MESSAGE)) {
            return "continuation out of place";
        }
        long length = statedLength();
        boolean shortest = lengthBytes() == 0 || length > (lengthBytes() == 2 ? 125 : 0xFFFF);
        return shortest ? null : "length not in its shortest form";
    }

    /// The length in the frame's head; one with the sign bit set, which is not allowed, comes out negative and so is
    /// not the shortest form.
    private long statedLength() {
        int bytes = lengthBytes();
        if (bytes == 0) {
            return head[1] & 0x7F;
        }
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (head[2 + i] & 0xFF);
        }
        return length;
    }

    private boolean readPayload(ByteBuf in) {
        int count = Math.min(payloadLength - payloadRead, in.readableBytes());
        if (isControl()) {
            in.readBytes(control, payloadRead, count);
            unmask(control, payloadRead, count);
        } else if (messageOpcode == BINARY) {
            in.skipBytes(count);
            messageLength += count;
        } else {
            makeRoom(count);
            in.readBytes(message, messageLength, count);
            unmask(message, messageLength, count);
            messageLength += count;
        }
        payloadRead += count;
        return payloadRead == payloadLength;
    }

    private void makeRoom(int count) {
        int needed = messageLength + count;
        if (needed > message.length) {
            int whole = messageLength + payloadLength - payloadRead;
            int roomy = Math.max(needed, Math.max(FIRST_ROOM_BYTES, 2 * message.length));
            message = Arrays.copyOf(message, isFinal() ? Math.min(whole, roomy) : roomy);
        }
    }

    private @Nullable Frame end() {
        inPayload = false;
        headLength = 0;
        if (isControl()) {
            byte[] payload = control;
            control = NOTHING;
            return endOfControl(payload);
        }
        if (!isFinal()) {
            return null;
        }
        Frame whole = messageOpcode == BINARY ? new Frame.Binary() : text();
        broken = whole instanceof Frame.Broken;
        message = NOTHING;
        messageLength = 0;
        messageOpcode = NO_MESSAGE;
        return whole;
    }

    private Frame text() {
        if (compressed && deflation != null) {
            Frame inflated = deflation.inflated(message, messageLength, maxMessageBytes);
            return inflated instanceof Frame.Text(byte[] text) && exceeds(text.length) ? TOO_MUCH : inflated;
        }
        return new Frame.Text(message.length == messageLength ? message : Arrays.copyOf(message, messageLength));
    }

    private boolean exceeds(int length) {
        excess += Math.max(0, length - (long) USUAL_RATIO * messageLength);
        return excess > (long) MOST_EXCESS_MESSAGES * maxMessageBytes;
    }

    /// To be called every second.
    void forgetExcess() {
        excess = 0;
    }

    private Frame endOfControl(byte[] payload) {
        return switch (opcode()) {
            case FrameHead.PING -> new Frame.Ping(payload);
            case FrameHead.PONG -> new Frame.Pong();
            default -> {
                broken = true;
                yield CloseFrames.read(payload);
            }
        };
    }

    /// RFC 6455, 5.3: octet i of the payload is XORed with octet i mod 4 of the key.
    private void unmask(byte[] bytes, int from, int count) {
        int key = (int) INTS.get(head, 2 + lengthBytes());
        int turned = Integer.rotateLeft(key, 8 * (payloadRead & 3));
        long twice = ((long) turned << 32) | (turned & 0xFFFF_FFFFL);
        int i = from;
        int end = from + count;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
        }
        for (int shift = 24; i < end; i++, shift = (shift - 8) & 31) {
            bytes[i] ^= (byte) (turned >>> shift);
        }
    }
}
