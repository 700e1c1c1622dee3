package dev.rookery.gateway.connection;

import io.netty.buffer.ByteBuf;

/// Heads of the frames that a server sends (RFC 6455, 5.2): final, unmasked, of no extension but permessage-deflate.
final class FrameHead {

    static final int TEXT = 0x1;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /// RFC 7692, 6: the first reserved bit says that a message is compressed.
    static final int COMPRESSED = 0x40;

    /// The longest head: two bytes and a length of eight.
    static final int MAX_BYTES = 10;

    private static final int FINAL = 0x80;
    private static final int SHORT = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    private FrameHead() {}

    /// @param opcode with `COMPRESSED` or without
    static void write(ByteBuf out, int opcode, int length) {
        out.writeByte(FINAL | opcode);
        if (length <= SHORT) {
            out.writeByte(length);
        } else if (length <= 0xFFFF) {
            out.writeByte(TWO_BYTES).writeShort(length);
        } else {
            out.writeByte(EIGHT_BYTES).writeLong(length);
        }
    }
}
