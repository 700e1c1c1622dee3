package dev.rookery.gateway;

import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import io.netty.buffer.Unpooled;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// A query-service and a broadcast-service in one, which know of nothing but what a test gives them.
final class FakeServices implements AutoCloseable {

    private static final Duration BEAT = Duration.ofMillis(200);

    final BlockingQueue<LinkFrame.Query> queries = new LinkedBlockingQueue<>();
    /// Filters by handle.
    final Map<Integer, String> registered = new ConcurrentHashMap<>();
    /// What is asked beside subscriptions, and ended.
    final BlockingQueue<LinkFrame> asked = new LinkedBlockingQueue<>();
    volatile List<byte[]> stored = List.of();
    /// What it is answered.
    volatile Function<LinkFrame, List<LinkFrame>> answers = asked -> List.of();
    volatile Position applied = Position.NONE;
    /// What it says to those who ask.
    volatile LinkFrame.Completeness completeness = LinkFrame.Completeness.UNKNOWN;
    private final ChannelGroup links = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final DisposableServer server;

    FakeServices() {
        Function<LinkFrame, List<LinkFrame>> answer = this::answer;
        server = HttpServer.create()
                .host("127.0.0.1")
                .doOnConnection(connection -> links.add(connection.channel()))
                .route(routes -> routes.ws(
                        LinkCodec.PATH,
                        (in, out) -> out.sendObject(Flux.merge(
                                Flux.interval(Duration.ZERO, BEAT).map(beat -> frame(new LinkFrame.Heartbeat(applied))),
                                in.receiveFrames()
                                        .flatMapIterable(frame -> answer.apply(decode(frame)))
                                        .map(FakeServices::frame)))))
                .bindNow();
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    private List<LinkFrame> answer(LinkFrame frame) {
        return switch (frame) {
            case LinkFrame.Register(var handle, var filters) -> {
                registered.put(handle, new String(filters, StandardCharsets.UTF_8));
                yield List.of(new LinkFrame.Registered(handle, applied));
            }
            case LinkFrame.Unregister(var handle) -> {
                registered.remove(handle);
                yield List.of();
            }
            case LinkFrame.Query query -> {
                queries.add(query);
                var end = query.completeness()
                        ? new LinkFrame.End(query.request(), query.atLeast(), completeness)
                        : new LinkFrame.End(query.request(), query.atLeast());
                yield stored.isEmpty()
                        ? List.of(end)
                        : List.of(new LinkFrame.Page(query.request(), query.atLeast(), stored), end);
            }
            case LinkFrame.Count _, LinkFrame.Reconcile _, LinkFrame.ReconcileOn _ -> {
                asked.add(frame);
                yield answers.apply(frame);
            }
            case LinkFrame.Cancel _ -> {
                asked.add(frame);
                yield List.of();
            }
            default -> List.of();
        };
    }

    private static LinkFrame decode(WebSocketFrame frame) {
        return frame.content().isReadable()
                ? LinkCodec.decode(frame.content().nioBuffer())
                : new LinkFrame.Heartbeat(Position.NONE);
    }

    private static WebSocketFrame frame(LinkFrame frame) {
        return new BinaryWebSocketFrame(Unpooled.wrappedBuffer(LinkCodec.encode(frame)));
    }

    @Override
    public void close() {
        server.disposeNow();
        links.close().syncUninterruptibly();
    }
}
