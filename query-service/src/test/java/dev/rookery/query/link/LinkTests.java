package dev.rookery.query.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.filter.Visibility;
import dev.rookery.link.LinkFrame;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.link.LinkFrame.Status;
import dev.rookery.order.Position;
import dev.rookery.query.TestAnswers;
import dev.rookery.query.answer.Answering;
import dev.rookery.query.answer.Answers;
import dev.rookery.query.stored.ViewPools;
import dev.rookery.query.stored.ViewServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/// What requests that wait for credit may take. There is no database: who asks it is told so.
@Timeout(60)
class LinkTests {

    private static final int REQUESTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoopResources loops = LoopResources.create("test", 1, true);
    private final ViewPools pools = ViewPools.open(
            new ViewServer("127.0.0.1", 1, "none", "nobody", ""),
            TestAnswers.views(),
            loops,
            new SimpleMeterRegistry());
    private final BlockingQueue<Failed> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        pools.close();
        loops.dispose();
    }

    @Test
    void leavesClientsThatDoNotReadNoPlacesOfWhatTheGatewayAsksForItself() throws InterruptedException {
        Link link = link(Duration.ofMinutes(1));
        fill(link);

        ask(link, query(10));
        assertThat(next().failure()).isEqualTo(Failure.OVERLOADED);
        ask(link, new Status(11, Position.NONE, List.of()));
        assertThat(next().failure()).isEqualTo(Failure.UNAVAILABLE);
        ask(link, new Range(12, new Position(1, 1), new Position(1, 2), 1_000));
        assertThat(next().failure()).isEqualTo(Failure.UNAVAILABLE);
        ask(link, new LinkFrame.Count(13, Position.NONE, "[{}]".getBytes(UTF_8), List.of()));
        assertThat(next().failure()).as("nor those of counts").isEqualTo(Failure.UNAVAILABLE);
    }

    @Test
    void endsARequestThatGetsNoCreditAndFreesItsPlace() throws InterruptedException {
        Link link = link(Duration.ofMillis(100));
        fill(link);
        for (int request = 1; request <= REQUESTS; request++) {
            assertThat(next().reason()).contains("not taken in time");
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (link.requests() > 0 && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(link.requests()).isZero();

        ask(link, query(10));
        assertThat(next().reason()).as("not that there are too many").contains("not taken in time");
    }

    /// A client asks for more than it reads, on a few connections: the others are not kept waiting for half a minute.
    @Test
    void endsWhatIsNotTakenSoonerWhereOthersWaitForItsPlace() throws InterruptedException {
        Link link = link(Duration.ofSeconds(15));
        fill(link);

        int request = 10;
        Failed next;
        do {
            ask(link, query(request++));
            next = next();
        } while (next.request() >= 10);
        assertThat(next.reason()).contains("while others waited");
        assertThat(List.of(next.request(), next().request(), next().request())).containsExactlyInAnyOrder(1, 2, 3);
    }

    private Link link(Duration creditWithin) {
        var bounds = new LinkProperties(
                REQUESTS,
                1,
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                creditWithin,
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(15));
        var answering = new Answering(
                pools.views(),
                pools.order(),
                new Answering.Rules(TestAnswers.BOUNDS, new Visibility(Set.of()), Set.of()),
                Clock.systemUTC(),
                Schedulers.immediate());
        var meters = new SimpleMeterRegistry();
        return new Link(new Answers(answering, TestAnswers.noWindow(meters), meters), bounds, new LinkMeters(meters));
    }

    /// With requests that wait for credit.
    private void fill(Link link) {
        for (int request = 1; request <= REQUESTS; request++) {
            ask(link, query(request));
        }
    }

    private void ask(Link link, LinkFrame.FromGateway request) {
        link.answer(request).cast(Failed.class).subscribe(failures::add);
    }

    private static Query query(int request) {
        return new Query(request, Position.NONE, 0, "[{}]".getBytes(UTF_8), List.of());
    }

    private Failed next() throws InterruptedException {
        Failed next = failures.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("an answer").isNotNull();
        return next;
    }
}
