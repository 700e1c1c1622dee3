package dev.rookery.gateway.connection;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Close frames as RFC 6455, 5.5.1 and 7.4 have them.
final class CloseFrames {

    private static final int MOST_REASON_BYTES = 123;

    private CloseFrames() {}

    /// @param payload empty, or a code of two bytes and a reason
    static Frame read(byte[] payload) {
        if (payload.length == 0) {
            return new Frame.Close(Frame.NO_CODE);
        }
        if (payload.length == 1) {
            return new Frame.Broken(Frame.PROTOCOL_ERROR, "close frame with half a code");
        }
        int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        if (!mayBeSent(code)) {
            return new Frame.Broken(Frame.PROTOCOL_ERROR, "close code " + code + " must not be sent");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 2, payload.length - 2));
            return new Frame.Close(code);
        } catch (CharacterCodingException notText) {
            return new Frame.Broken(Frame.NOT_UTF8, "close reason is not UTF-8");
        }
    }

    /// RFC 6455, 5.5: the payload of a control frame has at most 125 bytes, two of which are the code.
    static byte[] shortened(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(text.length, MOST_REASON_BYTES);
        while (end < text.length && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }

    /// 7.4.2: below 1000 nothing, 1004 to 1006 and 1015 only within an endpoint, 3000 to 4999 for applications.
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
