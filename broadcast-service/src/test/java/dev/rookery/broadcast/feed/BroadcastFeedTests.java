package dev.rookery.broadcast.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rookery.broadcast.link.TestLinks;
import dev.rookery.order.Position;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Readable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.r2dbc.core.RowsFetchSpec;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// What becomes of a feed that fails before it has begun.
@Timeout(600)
class BroadcastFeedTests {

    private static final Duration BOUND = Duration.ofMinutes(1);

    /// It asks for nothing but where to begin.
    private static final FeedProperties PROPERTIES = new FeedProperties(
            Duration.ofHours(1),
            Duration.ofHours(1),
            2_000,
            DataSize.ofMegabytes(1),
            500,
            DataSize.ofMegabytes(1),
            100_000);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Queue<Sinks.One<Long>> asked = new ConcurrentLinkedQueue<>();
    private final Owner owner = new Owner("owner", this::failed);
    private final BroadcastFeed feed = new BroadcastFeed(
            owner,
            new EventStore(database()),
            new BroadcastFeed.Outlets(TestLinks.ofOneWhoWantsAll(this::nanoTime), new FeedMeters(registry)),
            PROPERTIES,
            System::nanoTime);
    private volatile boolean broken = true;
    private volatile boolean unable;

    @AfterEach
    void close() {
        owner.close();
    }

    @Test
    void beginsAgainWhenItFailsWhileItBegins() {
        owner.execute(feed::begin);
        owner.execute(() -> feed.received(List.of(record(11))));
        tellCommitted(10);
        await().atMost(BOUND).until(() -> !broken);
        assertThat(feed.isStarted()).isFalse();

        tellCommitted(12);
        await().atMost(BOUND).until(feed::isStarted);
        owner.execute(() -> feed.received(List.of(record(13))));
        await().atMost(BOUND)
                .until(() ->
                        registry.get("rookery.broadcast.applied.seq").gauge().value() == 13);
    }

    @Test
    void beginsAgainWhenItFailsToAsk() {
        unable = true;
        owner.execute(feed::begin);
        await().atMost(BOUND).until(() -> !unable);

        tellCommitted(12);
        await().atMost(BOUND).until(feed::isStarted);
    }

    /// Fails once, with the first event that is delivered.
    private long nanoTime() {
        if (broken) {
            broken = false;
            throw new StackOverflowError("as in a test");
        }
        return 0;
    }

    private void failed(Throwable failure) {
        feed.failed(failure);
    }

    private static BroadcastRecord record(long seq) {
        return new BroadcastRecord(new Position(1, seq), Origin.CLIENT, List.of(), 1, "{}".getBytes(UTF_8));
    }

    /// Answers the next question, as soon as there is one.
    private void tellCommitted(long seq) {
        await().atMost(BOUND).until(() -> !asked.isEmpty());
        asked.remove().tryEmitValue(seq);
    }

    private DatabaseClient database() {
        return fake(DatabaseClient.class, (client, sql, statement) -> {
            if (unable) {
                unable = false;
                throw new StackOverflowError("as in a test");
            }
            return fake(
                    GenericExecuteSpec.class,
                    (spec, map, reader) ->
                            fake(RowsFetchSpec.class, (rows, one, none) -> answer((Function<?, ?>) reader[0])));
        });
    }

    @SuppressWarnings("unchecked")
    private Mono<?> answer(Function<?, ?> reader) {
        Sinks.One<Long> answer = Sinks.one();
        asked.add(answer);
        return answer.asMono().map(((Function<Readable, ?>) reader).compose(BroadcastFeedTests::row));
    }

    private static Readable row(long committed) {
        return fake(Readable.class, (row, get, column) -> column[0].equals("epoch") ? 1L : committed);
    }

    private static <T> T fake(Class<T> type, InvocationHandler answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answer));
    }
}
