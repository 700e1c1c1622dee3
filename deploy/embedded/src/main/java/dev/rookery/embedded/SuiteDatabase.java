package dev.rookery.embedded;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The suite's database and its roles: one that owns the schema, one that only reads.
public final class SuiteDatabase {

    public static final String NAME = "rookery";
    public static final String OWNER = "rookery_indexer";
    public static final String READER = "rookery_query";

    /// A log archive may have much to repeat.
    private static final Duration RECOVERY_BOUND = Duration.ofMinutes(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final EmbeddedPostgres postgres;
    private final String secret;
    private volatile boolean isNew;

    /// @param secret from which the passwords follow
    public SuiteDatabase(EmbeddedPostgres postgres, String secret) {
        this.postgres = postgres;
        this.secret = secret;
    }

    /// Makes what is missing, and sets the passwords, which follow from the secret. A server that recovers from a
    /// restored backup answers before it can be written to, and is waited for.
    ///
    /// @throws ServerFailedException when it still recovers beyond all bounds
    public void prepare() throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            awaitRecovery(statement);
            role(statement, OWNER);
            role(statement, READER);
            // To tell who keeps deleted rows from leaving the tables.
            statement.execute("grant pg_read_all_stats to " + OWNER);
            // What the suite's schema says of a reading role that it makes itself.
            statement.execute("alter role " + READER + " set transaction_timeout = '30s'");
            statement.execute("alter role " + READER + " set default_transaction_read_only = on");
            if (!exists(statement, "select from pg_database where datname = '" + NAME + "'")) {
                statement.execute("create database " + NAME + " owner " + OWNER);
                isNew = true;
            }
        }
    }

    /// Whether the services find no tables yet.
    public boolean isNew() {
        return isNew;
    }

    public int port() {
        return postgres.port();
    }

    public String password(String role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(role.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void awaitRecovery(Statement statement) throws SQLException {
        long end = System.nanoTime() + RECOVERY_BOUND.toNanos();
        while (exists(statement, "select where pg_is_in_recovery()")) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new ServerFailedException("PostgreSQL is still recovering and cannot be written to");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /// Names and passwords are this class's own, of letters and digits, so they need no quoting.
    private void role(Statement statement, String role) throws SQLException {
        if (!exists(statement, "select from pg_roles where rolname = '" + role + "'")) {
            statement.execute("create role " + role);
        }
        statement.execute("alter role " + role + " login password '" + password(role) + "'");
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
