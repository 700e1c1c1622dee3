package dev.rookery.query.stored;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.pool.PoolBuilder;

/// How connections are made: what pins the plans is set here, once for each connection.
public final class ViewConnections {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /// Every statement is planned once, for any arguments, and reads by index whatever the tables held when it was
    /// planned.
    ///
    /// With `cpu_operator_cost` 0, an index that knows more of the conditions never costs more than one that knows
    /// fewer; where they cost the same, as on an empty partition, the one made last is taken, and the schema makes
    /// the narrower ones last. The reasons stand in `RATIONALE.md`.
    static final Map<String, String> PLANS = Map.of(
            "plan_cache_mode", "force_generic_plan",
            "cpu_operator_cost", "0",
            "enable_seqscan", "off",
            "enable_bitmapscan", "off",
            "enable_sort", "off",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off",
            "enable_material", "off",
            "max_parallel_workers_per_gather", "0",
            "jit", "off");

    private ViewConnections() {}

    public static ConnectionPool pool(ViewServer server, ViewProperties properties, LoopResources loops) {
        Map<String, String> options = new LinkedHashMap<>(PLANS);
        options.put("default_transaction_read_only", "on");
        options.put("statement_timeout", Long.toString(properties.statement().toMillis()));
        var connection = PostgresqlConnectionConfiguration.builder()
                .host(server.host())
                .port(server.port())
                .database(server.database())
                .username(server.user())
                .password(server.password())
                .applicationName("query-service")
                .connectTimeout(CONNECT)
                .tcpNoDelay(true)
                .forceBinary(true)
                .options(options)
                .loopResources(loops)
                .build();
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(connection))
                .initialSize(0)
                .maxSize(properties.connections())
                // After a failover all of them may be dead, and each is found out only when it is taken.
                .acquireRetry(properties.connections())
                // The one given back last has its plans made and its memory warm.
                .customizer(PoolBuilder::idleResourceReuseMruOrder)
                .maxAcquireTime(properties.silence())
                // To give up waiting does not end what was begun, and a server that says nothing would keep its place.
                .maxCreateConnectionTime(properties.silence())
                .maxIdleTime(Duration.ofMinutes(10))
                .maxLifeTime(Duration.ofHours(1))
                .build());
    }

    /// Gives a connection back whose statement nobody waits for any more, when the server has been told to end it:
    /// whoever takes the connection next would wait for that. A connection for which that fails ends, as what was
    /// told may come late, and end the next statement.
    static Mono<Void> giveUp(Connection connection) {
        return giveBackAfter(
                connection, asking -> asking.cancelRequest().timeout(CONNECT).onErrorResume(untold -> asking.close()));
    }

    /// Ends a connection on which the server has said nothing for longer than any statement may take. Its host may be
    /// gone without a word, and another at its address by now: what is sent on the connection would be lost for as
    /// long as the system tries, a quarter of an hour, and a request to cancel would come to the other.
    static Mono<Void> end(Connection connection) {
        return giveBackAfter(connection, silent -> silent.close().timeout(CONNECT));
    }

    /// The pool takes no connection back that has ended.
    private static Mono<Void> giveBackAfter(Connection connection, Function<PostgresqlConnection, Mono<Void>> task) {
        Object driver = connection instanceof Wrapped<?> pooled ? pooled.unwrap() : connection;
        Mono<Void> done = driver instanceof PostgresqlConnection own ? task.apply(own) : Mono.empty();
        return done.onErrorComplete().then(Mono.from(connection.close()));
    }
}
