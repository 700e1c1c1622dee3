package dev.rookery.indexer.decision;

import static dev.rookery.indexer.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Who has the next turn to decide, of those that wait for one.
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class TurnsIT {

    private static final int INDEXERS = 8;
    private static final int ROUNDS = 5;

    private final List<Indexer> indexers = new ArrayList<>();
    private Store store;

    @BeforeEach
    void begin(TestPostgres database) throws SQLException {
        store = new Store(database);
        store.migrate();
        for (int number = 0; number < INDEXERS; number++) {
            indexers.add(new Indexer(database, number));
        }
    }

    @AfterEach
    void close() throws SQLException {
        for (Indexer indexer : indexers) {
            indexer.close();
        }
    }

    /// Those that wait for a row which each of them changes are woken by a commit all at once, and whoever comes to the
    /// row first has the turn: in most rounds not whoever came first.
    @Test
    void thoseThatWaitHaveTheirTurnsInTheOrderOfTheirComing(TestPostgres database) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection holder = database.connect()) {
            holder.setAutoCommit(false);
            for (int round = 0; round < ROUNDS; round++) {
                long before = take(holder);
                List<Future<Long>> turns = new ArrayList<>();
                for (Indexer indexer : indexers) {
                    turns.add(threads.submit(indexer::decide));
                    eventually("it waits", indexer::isWaiting);
                }
                holder.commit();
                for (Future<Long> turn : turns) {
                    assertThat(turn.get()).isEqualTo(++before);
                }
            }
        }
    }

    /// @return the last number given out, the next of which nobody has before the connection commits
    private static long take(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var answer = statement.executeQuery("select seq from events.take_turn(0, 0, false)");
            answer.next();
            return answer.getLong(1);
        }
    }

    /// One that decides on a connection without a bound on transactions: how long it waits is the test's affair.
    private final class Indexer {

        private final TestDecider decider;
        private final TestAuthor author;
        private final Connection connection;
        private final int process;
        private int decided;

        Indexer(TestPostgres database, int number) throws SQLException {
            decider = new TestDecider(database, "lane-" + number).placeAt(0, -1);
            author = new TestAuthor(200 + number);
            connection = database.connect();
            try (var statement = connection.createStatement()) {
                var answer = statement.executeQuery("select pg_backend_pid()");
                answer.next();
                process = answer.getInt(1);
            }
        }

        /// @return the number that the event was given
        long decide() throws SQLException {
            Event event = author.note("turn " + decided++);
            try (var statement = connection.prepareStatement(Sequencer.DECIDE)) {
                decider.set(statement, event);
                var answer = statement.executeQuery();
                answer.next();
                assertThat(answer.getBoolean("decided")).isTrue();
                return answer.getLong("last_seq");
            }
        }

        boolean isWaiting() {
            return store.number(
                            "select count(*) from pg_stat_activity where pid = ? and wait_event_type = 'Lock'", process)
                    == 1;
        }

        void close() throws SQLException {
            connection.close();
            decider.close();
        }
    }
}
