package dev.rookery.gateway.connection;

import dev.rookery.gateway.address.AddressBlock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket connection after its handshake: turns bytes into messages for its conversation, answers control
/// frames, and reads no faster than the conversation and the client's own reading allow. Confined to its event
/// loop.
///
/// Close codes: 1000 or the client's own in answer to a close frame, 1001 when the gateway stops, 1002 for broken
/// frames, 1007 for text that is not UTF-8 or cannot be inflated, 1008 for a message that is not completed in time and
/// for too much to inflate, 1009 after a NOTICE for a message that is too large. A binary message is answered with a
/// NOTICE and otherwise ignored.
final class Connection extends ChannelInboundHandlerAdapter {

    static final int GOING_AWAY = 1001;
    private static final int NORMAL = 1000;
    private static final byte[] NOTHING = {};

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final Channel channel;
    private final Outbound out;
    private final FrameReader reader;
    private final Conversation conversation;
    private final Connections connections;
    private long heardAt;
    private long pingedAt;
    private long messageBeganAt;
    private long takenAtLastLook;
    private long takingSince;
    private boolean pinged;
    private boolean messageBegan;

    /// @param deflation null where permessage-deflate was not negotiated
    Connection(Channel channel, AddressBlock address, Connections connections, @Nullable Deflation deflation) {
        this.channel = channel;
        this.connections = connections;
        this.out = connections.outbound(channel, address, deflation);
        this.reader = new FrameReader(connections.maxMessageBytes(), deflation);
        this.conversation = connections.converse(new Peer(out, address, this::pace));
        this.heardAt = connections.now();
        this.takingSince = heardAt;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connections.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            // The end of the upgrade request may still come by; it is of no interest.
            if (message instanceof ByteBuf bytes) {
                heardAt = connections.now();
                pinged = false;
                read(bytes);
                if (!conversation.wantsMore()) {
                    // Not only once all that has come was read, which may be much.
                    pace();
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /// Control frames between the fragments of a message do not put off when it must be complete.
    private void read(ByteBuf bytes) {
        for (Frame frame = reader.next(bytes); frame != null; frame = reader.next(bytes)) {
            hear(frame);
            messageBegan &= !(frame instanceof Frame.Text || frame instanceof Frame.Binary);
        }
        boolean waiting = reader.isWaiting();
        if (waiting && !messageBegan) {
            messageBeganAt = heardAt;
        }
        messageBegan = waiting;
    }

    private void hear(Frame frame) {
        switch (frame) {
            case Frame.Text(byte[] message) -> hear(message);
            case Frame.Binary() -> out.notice("invalid: messages are text frames, binary ones are not read");
            case Frame.Ping(byte[] payload) -> out.control(FrameHead.PONG, payload);
            case Frame.Pong() -> {}
            case Frame.Close(int code) -> answerClose(code);
            case Frame.Broken(int code, String reason) -> {
                if (code == Frame.TOO_LARGE) {
                    out.notice("invalid: " + reason);
                }
                out.close(code, reason);
                out.whenFlushed(this::endOutput);
            }
        }
    }

    /// Nothing more can be understood, so a close frame of the client would not be. To cut the connection at once
    /// could take ours from its way, while the client still sends.
    private void endOutput() {
        if (channel instanceof DuplexChannel halves) {
            var _ = halves.shutdownOutput();
        } else {
            end();
        }
    }

    private void end() {
        var _ = channel.close();
    }

    private void hear(byte[] message) {
        if (!out.isOpen()) {
            return;
        }
        try {
            conversation.hear(message);
        } catch (RuntimeException ours) {
            connections.failed(ours);
            out.notice("error: this message could not be handled");
        }
    }

    /// RFC 6455, 5.5.1: a close frame is answered, unless it is an answer itself; then the server ends the
    /// connection.
    private void answerClose(int code) {
        out.close(code == Frame.NO_CODE ? NORMAL : code, "");
        out.whenFlushed(this::end);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        out.flush();
        pace();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pace();
    }

    /// Reads on or waits. A connection that is closing reads on, for the client's answer.
    void pace() {
        boolean wanted = channel.isWritable() && conversation.wantsMore() && !connections.stopping();
        boolean read = wanted || !out.isOpen();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    /// Looks after the connection, every now and then.
    void look(long now, ConnectionProperties bounds) {
        watchTaking(now);
        reader.forgetExcess();
        long pongWithin = bounds.pongWithin().toNanos();
        if (now - takingSince > pongWithin || (pinged && now - pingedAt > pongWithin)) {
            connections.lost();
            out.cut();
        } else if (messageBegan && now - messageBeganAt > bounds.messageWithin().toNanos()) {
            out.close(Frame.NOT_ALLOWED, "message not completed in time");
        } else if (!pinged && now - heardAt > bounds.pingAfter().toNanos()) {
            pinged = true;
            pingedAt = now;
            out.control(FrameHead.PING, NOTHING);
        }
    }

    /// To take some of a backlog is a sign of life: a ping waits behind it, and an answer is not read before there is
    /// less of it. Nor is more of a message.
    private void watchTaking(long now) {
        boolean took = out.takenBytes() != takenAtLastLook;
        boolean behind = out.pendingBytes() > 0;
        takenAtLastLook = out.takenBytes();
        if (took || !behind) {
            takingSince = now;
        }
        if (took && behind) {
            pingedAt = now;
        }
        if (!channel.config().isAutoRead()) {
            messageBeganAt = now;
        }
    }

    boolean awaitsAnswers() {
        return conversation.awaitsAnswers();
    }

    void close(int code, String reason) {
        out.close(code, reason);
        pace();
    }

    void cut() {
        out.cut();
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        out.release();
        connections.closed(this);
        conversation.ended();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("connection lost", cause);
        } else {
            connections.failed(cause);
        }
        out.cut();
    }
}
