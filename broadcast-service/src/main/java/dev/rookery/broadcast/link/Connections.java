package dev.rookery.broadcast.link;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.adapter.ReactorNettyWebSocketSession;
import reactor.netty.Connection;

/// The server's open connections, because a WebSocket session does not show its own: neither what it has really sent,
/// nor a way to end it when its peer has stopped reading.
public final class Connections {

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    public void opened(Connection connection) {
        open.add(connection.channel());
    }

    /// @throws IllegalStateException when the session's connection has closed
    Channel of(WebSocketSession session) {
        Channel channel =
                session instanceof ReactorNettyWebSocketSession netty ? open.find(netty.getChannelId()) : null;
        if (channel == null) {
            throw new IllegalStateException("no connection for " + session);
        }
        return channel;
    }
}
