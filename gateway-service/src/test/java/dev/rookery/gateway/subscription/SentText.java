package dev.rookery.gateway.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/// Reads the text frames that a connection wrote to an embedded channel.
final class SentText {

    private final EmbeddedChannel channel;
    private final ByteBuf unread = Unpooled.buffer();

    SentText(EmbeddedChannel channel) {
        this.channel = channel;
    }

    /// The messages written since the last call.
    List<String> next() {
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            unread.writeBytes(bytes);
            bytes.release();
        }
        List<String> messages = new ArrayList<>();
        while (unread.isReadable()) {
            unread.readByte();
            messages.add(unread.readCharSequence(length(), UTF_8).toString());
        }
        unread.clear();
        return messages;
    }

    private int length() {
        int shortLength = unread.readByte();
        return switch (shortLength) {
            case 126 -> unread.readUnsignedShort();
            case 127 -> (int) unread.readLong();
            default -> shortLength;
        };
    }
}
