package dev.rookery.indexer.postgres;

import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection in autocommit, opened when first needed and again after a failure. One thread at a time.
public final class PostgresSession implements AutoCloseable {

    /// SQLSTATE classes that blame the data: data exception, constraint violation, a limit of the server exceeded.
    private static final Set<String> BLAMING_DATA = Set.of("22", "23", "54");

    private final Opener opener;
    private final Duration bound;
    private @Nullable Connection connection;
    private volatile boolean answered;

    /// @param bound after which the server ends a transaction
    PostgresSession(Opener opener, Duration bound) {
        this.opener = opener;
        this.bound = bound;
    }

    /// After this, the server ends a transaction.
    public Duration bound() {
        return bound;
    }

    /// Whether the server has answered what it was asked last, be it with a complaint.
    public boolean isAnswered() {
        return answered;
    }

    /// @throws StoreUnavailableException when it is not known to have failed for what was asked; whether it was
    ///     done is not known either
    /// @throws StoreRefusedException when it failed for the data; nothing was done
    public synchronized <T> T ask(Question<T> question) {
        Connection open = connected();
        try {
            T answer = question.put(open);
            answered = true;
            return answer;
        } catch (SQLException failure) {
            answered = !isLost(failure);
            if (blamesData(failure)) {
                throw new StoreRefusedException(failure);
            }
            close();
            throw new StoreUnavailableException("PostgreSQL", failure);
        }
    }

    /// As `ask`, with another bound for this once. The connection is given up afterwards, and the bound with it.
    public synchronized <T> T askWithin(Duration longer, Question<T> question) {
        try {
            return ask(connection -> {
                connection.setNetworkTimeout(
                        Runnable::run, Math.toIntExact(networkTimeout(longer).toMillis()));
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set statement_timeout = 0");
                    statement.execute("set transaction_timeout = " + longer.toMillis());
                }
                return question.put(connection);
            });
        } finally {
            close();
        }
    }

    /// The server's bound comes first; this one is for a server that is gone.
    static Duration networkTimeout(Duration bound) {
        return bound.multipliedBy(2).plusSeconds(1);
    }

    /// Whatever it fails for, it is not what is going to be asked.
    private Connection connected() {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        try {
            open = opener.open();
        } catch (SQLException failure) {
            answered = false;
            throw new StoreUnavailableException("PostgreSQL", failure);
        }
        connection = open;
        return open;
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException ignored) {
                // It was to be given up.
            }
        }
    }

    /// SQLSTATE class 08, connection, and 57P, which says that the server or the connection ends.
    private static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    private static boolean blamesData(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.length() == 5 && BLAMING_DATA.contains(state.substring(0, 2));
    }

    /// Something to ask on an open connection.
    @FunctionalInterface
    public interface Question<T> {

        T put(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }
}
