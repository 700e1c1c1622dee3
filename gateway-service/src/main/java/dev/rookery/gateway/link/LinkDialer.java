package dev.rookery.gateway.link;

import dev.rookery.gateway.link.LinkTargets.Target;
import dev.rookery.link.LinkCodec;
import dev.rookery.link.LinkFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/// Keeps one link to a service open for as long as the gateway runs: when it is lost, the next instance is tried, and
/// so on in turn, with pauses that grow until an instance has said something. All state is confined to one event
/// loop, which carries the link as well.
@SuppressWarnings("FutureReturnValueIgnored") // tasks of a loop that outlives them, and pings
public final class LinkDialer implements AutoCloseable {

    /// Pages are bounded well below this.
    private static final int MAX_FRAME = 32 << 20;

    private static final int FAILURES_BEFORE_TELLING = 5;

    /// After which a link that is lost says nothing against instances that were passed over before it.
    private static final long LASTING_NANOS = TimeUnit.MINUTES.toNanos(1);

    /// Milliseconds between two pings at most: the services end links on which nothing comes for long.
    private static final long LONGEST_QUIET = 5_000;

    private static final Logger log = LoggerFactory.getLogger(LinkDialer.class);

    private final LinkTargets targets;
    private final LinkProperties properties;
    private final EventLoop loop;
    private final Executor lookups;
    private final LinkListener listener;
    private final boolean beats;
    private final HttpClient client;

    private int place;
    private int failures;
    private int dials;
    private boolean everLinked;
    private boolean closed;
    private long linkedAt;
    private long heardAt;
    private @Nullable Channel linked;
    private @Nullable Disposable running;

    /// Who dials, on which event loop, and what hears of it.
    ///
    /// @param token shown to the service, which refuses strangers
    /// @param beats whether the service says something by itself at all times: a connection that is alive is then
    ///     not enough
    record Ends(String token, boolean beats, EventLoop loop, LinkListener listener) {}

    /// @param lookups where names are looked up, which blocks
    LinkDialer(LinkTargets targets, LinkProperties properties, Ends ends, Executor lookups) {
        this.targets = targets;
        this.properties = properties;
        this.loop = ends.loop();
        this.listener = ends.listener();
        this.beats = ends.beats();
        this.lookups = lookups;
        this.client = HttpClient.newConnection()
                .runOn(loop)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2000)
                .headers(headers -> headers.set("Authorization", "Bearer " + ends.token()));
    }

    void start() {
        loop.execute(this::dial);
        long beat = Math.min(properties.silence().toMillis() / 3, LONGEST_QUIET);
        loop.scheduleWithFixedDelay(this::listen, beat, beat, TimeUnit.MILLISECONDS);
    }

    /// The link is given up; nothing is heard of it afterwards but its end.
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            hangUp();
        });
    }

    private void dial() {
        CompletableFuture.supplyAsync(this::next, lookups)
                .whenComplete((target, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        retry(failure);
                    } else if (!closed) {
                        connect(target);
                    }
                }));
    }

    private Target next() {
        try {
            List<Target> ranked = targets.ranked();
            return ranked.get(place % ranked.size());
        } catch (UnknownHostException unknown) {
            throw new IllegalStateException("unknown host " + unknown.getMessage(), unknown);
        }
    }

    private void connect(Target target) {
        var spec =
                WebsocketClientSpec.builder().maxFramePayloadLength(MAX_FRAME).build();
        String host = target.host().contains(":") ? "[" + target.host() + "]" : target.host();
        int dialled = ++dials;
        Disposable begun = client.websocket(spec)
                .uri("ws://" + host + ":" + target.port() + LinkCodec.PATH)
                .handle(this::carry)
                .then()
                .subscribe(nothing -> {}, this::lost, () -> lost(null));
        // It may have failed at once, as where there are no file handles: then the next attempt is due already.
        running = begun.isDisposed() ? null : begun;
        loop.schedule(() -> giveUp(dialled), properties.silence().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// A frozen process is connected to by its system, and never says that the link is open.
    private void giveUp(int dialled) {
        if (dials == dialled && running != null && linked == null) {
            log.warn("a service accepts a connection and does not answer, trying the next instance");
            hangUp();
        }
    }

    private Mono<Void> carry(WebsocketInbound in, WebsocketOutbound out) {
        in.withConnection(connection -> {
            linked = connection.channel();
            everLinked = true;
            linkedAt = System.nanoTime();
            heardAt = linkedAt;
            listener.opened(Link.over(connection.channel()));
        });
        return in.receiveFrames().doOnNext(this::hear).then();
    }

    private void hear(WebSocketFrame frame) {
        boolean says = frame.content().isReadable();
        if (says || !beats) {
            heardAt = System.nanoTime();
            failures = 0;
        }
        if (says && LinkCodec.decode(frame.content().nioBuffer()) instanceof LinkFrame.ToGateway answer) {
            listener.received(answer);
        }
    }

    /// A half-open link looks like a quiet one: it is asked, and given up when it does not answer. Where the service
    /// beats, its process may be stuck while its connections still answer.
    private void listen() {
        Channel channel = linked;
        if (channel == null) {
            return;
        }
        long silent = System.nanoTime() - heardAt;
        if (silent > properties.silence().toNanos()) {
            log.warn("nothing heard of a linked service for {} ms, giving the link up", silent / 1_000_000);
            hangUp();
        } else {
            channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
        }
    }

    private void hangUp() {
        Disposable link = running;
        if (link != null) {
            link.dispose();
            lost(null);
        }
    }

    private void lost(@Nullable Throwable reason) {
        running = null;
        boolean lasted = linked != null && System.nanoTime() - linkedAt > LASTING_NANOS;
        place = lasted && place > 0 ? 0 : (place + 1) & Integer.MAX_VALUE;
        if (linked != null) {
            linked = null;
            listener.closed();
        }
        retry(reason);
    }

    private void retry(@Nullable Throwable reason) {
        if (closed) {
            return;
        }
        // Services that are started together come up one after the other, which is nothing to tell.
        if (failures == (everLinked ? 0 : FAILURES_BEFORE_TELLING)) {
            log.warn("a link has ended or could not be opened, trying again: {}", String.valueOf(reason));
        }
        log.debug("no link, failure {}", failures, reason);
        Duration pause = properties.redial().multipliedBy(Math.min(20, 1L << Math.min(failures, 10)));
        failures++;
        loop.schedule(this::dial, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
}
