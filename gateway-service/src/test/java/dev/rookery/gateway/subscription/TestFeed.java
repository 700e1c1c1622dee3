package dev.rookery.gateway.subscription;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterReader;
import dev.rookery.gateway.link.Link;
import dev.rookery.gateway.link.QueryClient;
import dev.rookery.gateway.position.Reached;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkFrame;
import dev.rookery.order.Position;
import dev.rookery.signature.SchnorrSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/// A live feed between a broadcast-service and a query-service that say what a test has them say, all in one thread.
final class TestFeed {

    static final int SLICE = 50;
    static final SchnorrSigner SIGNER = signer();

    final EmbeddedChannel channel = new EmbeddedChannel();
    final QueryClient query = new QueryClient();
    final List<LinkFrame.FromGateway> asked = new ArrayList<>();
    final List<LinkFrame.FromGateway> sent = new ArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Reached reached = new Reached();
    final LiveFeed feed;
    int closings;
    boolean writable = true;

    TestFeed(SubscriptionProperties properties) {
        FeedMeters feedMeters = new FeedMeters(meters);
        var terms = new CatchUp.Terms(properties, feedMeters);
        feed = new LiveFeed(
                channel.eventLoop(),
                reached,
                new RecentIds(Clock.systemUTC(), properties.ephemeralWindow(), 100),
                (of, enrolment) -> new CatchUp(of, query, channel.eventLoop(), terms, enrolment),
                feedMeters);
        query.opened(new Link(asked::add, () -> true, () -> {}));
    }

    static SubscriptionProperties usual() {
        return settings(100, DataSize.ofMegabytes(1), 3);
    }

    static SubscriptionProperties settings(int most, DataSize size, int attempts) {
        return new SubscriptionProperties(
                Duration.ofSeconds(10),
                8,
                DataSize.ofKilobytes(512),
                most,
                size,
                DataSize.ofMegabytes(64),
                most,
                size,
                1_000,
                Duration.ofMinutes(1),
                attempts,
                SLICE,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                false);
    }

    /// A link whose instance has matched everything up to there.
    void link(long epoch, long seq) {
        sent.clear();
        feed.opened(new Link(sent::add, () -> writable, () -> closings++));
        heartbeat(epoch, seq);
    }

    void cut() {
        feed.closed();
        run();
    }

    void heartbeat(long epoch, long seq) {
        receive(new LinkFrame.Heartbeat(new Position(epoch, seq)));
    }

    void deliver(long epoch, long seq, Event event, int... handles) {
        receive(new LinkFrame.Deliver(new Position(epoch, seq), handles, event.json()));
    }

    void receive(LinkFrame.ToGateway frame) {
        feed.received(frame);
        run();
    }

    /// Answers every registration of the link that has not been.
    void acknowledge(long epoch, long seen) {
        for (LinkFrame.FromGateway frame : List.copyOf(sent)) {
            if (frame instanceof LinkFrame.Register(var handle, var filters)) {
                sent.remove(frame);
                receive(new LinkFrame.Registered(handle, new Position(epoch, seen)));
            }
        }
    }

    Heard listen(String filter) {
        Heard heard = new Heard(channel.eventLoop(), filter);
        feed.register(heard);
        run();
        return heard;
    }

    /// The handles that registrations on the present link were sent with.
    List<Integer> handles() {
        return sent.stream()
                .filter(LinkFrame.Register.class::isInstance)
                .map(frame -> ((LinkFrame.Register) frame).handle())
                .toList();
    }

    List<LinkFrame.Range> ranges() {
        return asked.stream()
                .filter(LinkFrame.Range.class::isInstance)
                .map(LinkFrame.Range.class::cast)
                .toList();
    }

    void answer(LinkFrame.ToGateway frame) {
        query.received(frame);
        run();
    }

    void page(LinkFrame.Range range, long seq, Event event) {
        answer(new LinkFrame.RangePage(range.request(), List.of(new LinkFrame.Placed(seq, event.json()))));
    }

    void end(LinkFrame.Range range) {
        answer(new LinkFrame.End(range.request(), range.upTo()));
    }

    void fail(LinkFrame.Range range, LinkFrame.Failure failure) {
        answer(new LinkFrame.Failed(range.request(), failure, failure.name()));
    }

    void pass(Duration time) {
        run();
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        run();
    }

    private void run() {
        channel.runPendingTasks();
    }

    static Event event(int kind, String content) {
        return Event.of(SIGNER, 1_700_000_000, kind, List.of(), content);
    }

    private static SchnorrSigner signer() {
        byte[] secret = new byte[32];
        secret[31] = 9;
        return new SchnorrSigner(secret);
    }

    /// A subscription that remembers what it was told.
    static final class Heard implements LiveListener {

        final List<String> events = new ArrayList<>();
        final List<Position> covered = new ArrayList<>();
        final List<String> ends = new ArrayList<>();
        private final EventExecutor executor;
        private final List<Filter> filters;

        Heard(EventExecutor executor, String filter) {
            this.executor = executor;
            try {
                this.filters = FilterReader.readAll(("[" + filter + "]").getBytes(StandardCharsets.UTF_8));
            } catch (MalformedMessageException malformed) {
                throw new IllegalArgumentException(malformed);
            }
        }

        @Override
        public EventExecutor executor() {
            return executor;
        }

        @Override
        public List<Filter> filters() {
            return filters;
        }

        @Override
        public void registered(Position upTo) {
            covered.add(upTo);
        }

        @Override
        public void live(LiveEvent event) {
            events.add(event.position() + " " + event.event().content());
        }

        @Override
        public void broken() {
            ends.add("broken");
        }

        @Override
        public void ended(String reason) {
            ends.add(reason);
        }
    }
}
