package dev.rookery.indexer.postgres;

import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The database server, as this service connects to it: without a pool, because each of its few threads has a
/// connection of its own.
public final class Postgres {

    private static final Duration UNBOUNDED = Duration.ZERO;

    private final PostgresProperties properties;

    public Postgres(PostgresProperties properties) {
        this.properties = properties;
    }

    /// Connections without a bound on transactions, for migrations.
    public DataSource unbounded() {
        return source("rookery-indexer-migration");
    }

    /// Whatever the server's, the database's or the role's defaults are: a statement of a transaction that has waited
    /// for its turn sees what was committed meanwhile, a commit is on disk before it returns, and a transaction is
    /// bounded.
    ///
    /// @param name what the server shows of it
    public PostgresSession session(String name) {
        return session(name, "on");
    }

    /// The same, but a commit may return before it is on disk: for what is done again when it is lost. Commits that
    /// wait for the disk hold each other up.
    ///
    /// @param name what the server shows of it
    public PostgresSession choreSession(String name) {
        return session(name, "off");
    }

    private PostgresSession session(String name, String synchronousCommit) {
        PGSimpleDataSource source = source("rookery-indexer-" + name);
        Duration bound = properties.transactionTimeout();
        source.setOptions("-c transaction_timeout=" + bound.toMillis()
                + " -c default_transaction_isolation=read\\ committed" + " -c synchronous_commit=" + synchronousCommit);
        source.setSocketTimeout((int) PostgresSession.networkTimeout(bound).toSeconds());
        return new PostgresSession(source::getConnection, bound);
    }

    /// Without a bound on transactions, for what takes as long as there is to do, and slow enough to leave the disk to
    /// others.
    ///
    /// @param name what the server shows of it
    public PostgresSession vacuumingSession(String name) {
        PGSimpleDataSource source = source("rookery-indexer-" + name);
        source.setOptions("-c transaction_timeout=0 -c statement_timeout=0 -c lock_timeout=0 -c vacuum_cost_delay=2ms");
        return new PostgresSession(source::getConnection, UNBOUNDED);
    }

    private PGSimpleDataSource source(String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {properties.host()});
        source.setPortNumbers(new int[] {properties.port()});
        source.setDatabaseName(properties.database());
        source.setUser(properties.user());
        source.setPassword(properties.password());
        source.setApplicationName(name);
        source.setConnectTimeout((int) Math.max(1, properties.connectTimeout().toSeconds()));
        source.setTcpKeepAlive(true);
        // Prepared by the server at once, and binary from then on.
        source.setPrepareThreshold(1);
        return source;
    }
}
