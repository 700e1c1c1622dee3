package dev.rookery.gateway.address;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the PROXY protocol header with which a trusted proxy begins a connection, notes whom it speaks for, and
/// leaves the pipeline. Without such a header the connection is closed.
///
/// Source: "The PROXY protocol, versions 1 & 2", HAProxy.
final class ProxyHeaderReader extends ByteToMessageDecoder {

    private static final byte[] SECOND = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final byte[] FIRST = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /// 2.1: the longest line of version 1, its end included.
    private static final int LONGEST_LINE = 107;

    /// 2.2: the fixed part of version 2.
    private static final int HEAD = 16;

    /// Addresses and whatever a proxy adds; version 2 allows more, no proxy sends it.
    private static final int LONGEST_BODY = 4096;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (startsWith(in, SECOND)) {
            readSecond(ctx, in);
        } else if (startsWith(in, FIRST)) {
            readFirst(ctx, in);
        } else {
            throw new CorruptedFrameException("no PROXY protocol header");
        }
    }

    /// A header that has only begun to arrive fits as far as it goes.
    private static boolean startsWith(ByteBuf in, byte[] signature) {
        int seen = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < seen; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    /// `PROXY TCP4 <source> <destination> <port> <port>\r\n`, or `PROXY UNKNOWN …` for the connection's own
    /// addresses.
    private void readFirst(ChannelHandlerContext ctx, ByteBuf in) {
        int end = in.bytesBefore(Math.min(in.readableBytes(), LONGEST_LINE), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() >= LONGEST_LINE) {
                throw new CorruptedFrameException("PROXY line too long");
            }
            return;
        }
        String[] words = in.readCharSequence(end + 1, StandardCharsets.US_ASCII)
                .toString()
                .strip()
                .split(" ", -1);
        if (words.length < 2) {
            throw new CorruptedFrameException("PROXY line cut short");
        }
        if ("UNKNOWN".equals(words[1])) {
            finish(ctx, null);
            return;
        }
        Optional<InetAddress> source = words.length == 6 ? AddressText.literal(words[2]) : Optional.empty();
        finish(ctx, source.orElseThrow(() -> new CorruptedFrameException("PROXY line without addresses")));
    }

    private void readSecond(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < HEAD) {
            return;
        }
        int start = in.readerIndex();
        int length = in.getUnsignedShort(start + 14);
        if (length > LONGEST_BODY) {
            throw new CorruptedFrameException("PROXY header too long");
        }
        if (in.readableBytes() < HEAD + length) {
            return;
        }
        int versionAndCommand = in.getByte(start + 12) & 0xFF;
        int width = switch (in.getByte(start + 13) >> 4 & 0x0F) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
        in.skipBytes(HEAD + length);
        switch (versionAndCommand) {
            // LOCAL: the proxy speaks for itself.
            case 0x20 -> finish(ctx, null);
            case 0x21 -> finish(ctx, width == 0 || length < 2 * width ? null : address(in, start + HEAD, width));
            default -> throw new CorruptedFrameException("PROXY header of an unknown version or command");
        }
    }

    private static InetAddress address(ByteBuf in, int at, int width) {
        byte[] bytes = new byte[width];
        in.getBytes(at, bytes);
        return AddressText.ofBytes(bytes);
    }

    private void finish(ChannelHandlerContext ctx, @Nullable InetAddress client) {
        if (client != null) {
            ClientAddresses.proxied(ctx.channel(), client);
        }
        ctx.pipeline().remove(this);
        // The server reads on demand, and nobody behind has seen anything that would make it ask for more.
        ctx.channel().read();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }
}
