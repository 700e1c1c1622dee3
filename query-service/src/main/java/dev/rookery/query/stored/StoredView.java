package dev.rookery.query.stored;

import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.order.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// The stored events as one server tells them: the primary, or a replica that may be behind. Thread-safe.
///
/// Every question is one statement, so its answer is one snapshot, and the connection is given back with it. Questions
/// beyond a bound are refused at once with `OVERLOADED`, and so is in the end one that gets no connection because
/// others have them all.
public final class StoredView {

    private static final Logger log = LoggerFactory.getLogger(StoredView.class);

    /// PostgreSQL: the statement ran into its timeout.
    private static final String QUERY_CANCELED = "57014";

    private static final long NO_EPOCH = -1;

    private final String name;
    private final ConnectionFactory connections;
    private final MeterRegistry meters;
    private final Bounds bounds;
    private final AtomicInteger asking = new AtomicInteger();
    /// Connections that somebody has.
    private final AtomicInteger taken = new AtomicInteger();
    /// So that an outage is told once, not with every question.
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long completeEpoch = NO_EPOCH;

    /// @param questions under way or waiting at once
    /// @param patience  after which a server that does not answer counts as gone; nobody waits longer for a
    ///     connection either
    public record Bounds(int questions, Duration patience) {}

    /// @param name in metrics and messages: `primary`, or a replica's address
    public StoredView(String name, ConnectionFactory connections, Bounds bounds, MeterRegistry meters) {
        this.name = name;
        this.connections = connections;
        this.bounds = bounds;
        this.meters = meters;
        meters.gauge("rookery.query.view.questions", Tags.of("view", name), asking);
    }

    public String name() {
        return name;
    }

    /// Whether it has not answered since it last failed to.
    public boolean isFailing() {
        return failing.get();
    }

    /// Asks, and fails with `QueryFailure` alone. While the lanes repeat what a database that went back has lost, its
    /// answers are not complete and none is given.
    public <T> Mono<Read<T>> ask(Call<T> call) {
        return askAnyEpoch(call).flatMap(read -> {
            long epoch = read.at().epoch();
            return epoch == completeEpoch ? Mono.just(read) : completed(epoch).then(ask(call));
        });
    }

    /// As `ask`, with answers that are right in an incomplete epoch too.
    public <T> Mono<Read<T>> askAnyEpoch(Call<T> call) {
        return Mono.defer(() -> {
            if (asking.incrementAndGet() > bounds.questions()) {
                asking.decrementAndGet();
                return Mono.error(overloaded());
            }
            Runnable end = once(Timer.start(meters), call.step());
            return execute(call)
                    .doOnNext(read -> recovered())
                    .onErrorMap(failure -> told(call, failure))
                    .doOnTerminate(end)
                    .doOnCancel(end);
        });
    }

    /// Ends a question before its answer is given on, which may lead to the next one.
    private Runnable once(Timer.Sample sample, String step) {
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                asking.decrementAndGet();
                sample.stop(meters.timer("rookery.query.statement", "view", name, "step", step));
            }
        };
    }

    private Mono<Void> completed(long epoch) {
        return askAnyEpoch(Calls.catchingUp()).flatMap(read -> {
            if (read.value()) {
                return Mono.error(new QueryFailure(Failure.UNAVAILABLE, "the log is still being read again"));
            }
            if (read.at().epoch() == epoch) {
                completeEpoch = epoch;
            }
            return Mono.empty();
        });
    }

    /// On the driver itself: of what Spring's client adds (names, transactions, exceptions of its own) nothing is used.
    private <T> Mono<Read<T>> execute(Call<T> call) {
        Sinks.Empty<Void> begun = Sinks.empty();
        return Mono.usingWhen(
                        connections.create(),
                        connection -> {
                            taken.incrementAndGet();
                            begun.tryEmitEmpty();
                            return Mono.from(on(connection, call)).timeout(bounds.patience());
                        },
                        connection -> released(connection.close()),
                        (connection, failure) -> released(
                                failure instanceof TimeoutException
                                        ? ViewConnections.end(connection)
                                        : connection.close()),
                        connection -> released(ViewConnections.giveUp(connection)))
                .timeout(late(begun.asMono()));
    }

    /// A server that gives a connection to nobody is gone, and so is one that does not answer those who have them all;
    /// otherwise it is busy.
    ///
    /// @param begun that there is a connection, from which on the server has its time to answer
    private Mono<Long> late(Mono<Void> begun) {
        return Mono.delay(bounds.patience())
                .takeUntilOther(begun)
                .flatMap(tick -> taken.get() > 0 && !failing.get() ? Mono.<Long>error(overloaded()) : Mono.just(tick))
                .switchIfEmpty(Mono.never());
    }

    private Mono<Void> released(Publisher<Void> given) {
        return Mono.from(given).doFinally(end -> taken.decrementAndGet());
    }

    private static <T> Publisher<Read<T>> on(Connection connection, Call<T> call) {
        Statement statement = connection.createStatement(call.sql());
        for (int i = 0; i < call.arguments().size(); i++) {
            statement.bind(i, call.arguments().get(i));
        }
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((row, metadata) -> read(call, row)))
                .single();
    }

    private static <T> Read<T> read(Call<T> call, Row row) {
        Position at = new Position(number(row.get(0, Long.class)), number(row.get(1, Long.class)));
        return new Read<>(at, call.reader().apply(bytes(row.get(2, byte[].class))));
    }

    private static QueryFailure overloaded() {
        return new QueryFailure(Failure.OVERLOADED, "too many questions to the database at once");
    }

    private void recovered() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            log.info("{} answers again", name);
        }
    }

    private QueryFailure told(Call<?> call, Throwable failure) {
        if (failure instanceof QueryFailure known) {
            return known;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException refused && QUERY_CANCELED.equals(refused.getSqlState())) {
                return new QueryFailure(Failure.TOO_SLOW, "the query took too long", failure);
            }
        }
        if (failing.compareAndSet(false, true)) {
            log.warn("{} does not answer", name, failure);
        } else {
            log.debug("{} of {} failed", call.step(), name, failure);
        }
        return new QueryFailure(Failure.UNAVAILABLE, "the database cannot be asked", failure);
    }

    private static long number(@Nullable Long value) {
        return Objects.requireNonNull(value, "a position without a number");
    }

    private static ByteBuffer bytes(byte @Nullable [] value) {
        return ByteBuffer.wrap(value == null ? new byte[0] : value);
    }
}
