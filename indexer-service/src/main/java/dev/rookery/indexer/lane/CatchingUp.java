package dev.rookery.indexer.lane;

import dev.rookery.indexer.postgres.PostgresSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/// Whether lanes still repeat what a database that went back has lost. Looked up by one thread, asked by any.
public final class CatchingUp {

    private static final String LOOK = "select events.catching_up()";

    private final PostgresSession session;
    private volatile boolean over;

    /// @param session the looking thread's
    public CatchingUp(PostgresSession session) {
        this.session = session;
    }

    public void look() {
        over = !session.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LOOK);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        });
    }

    /// False until it was looked up for the first time.
    public boolean isOver() {
        return over;
    }
}
