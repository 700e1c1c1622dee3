package dev.rookery.indexer.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.outage.StoreUnavailableException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PostgresSessionTests {

    private final AtomicInteger opened = new AtomicInteger();
    private final PostgresSession session = new PostgresSession(
            () -> {
                opened.incrementAndGet();
                return connection();
            },
            Duration.ofSeconds(5));

    /// 22023 is what a server answers to a setting at the start that it does not take; 53300 when it is full.
    @ParameterizedTest
    @ValueSource(strings = {"22023", "53300", "08001"})
    void neverBlamesTheDataForNotBeingConnected(String state) {
        PostgresSession unconnected = new PostgresSession(
                () -> {
                    throw new SQLException("no", state);
                },
                Duration.ofSeconds(5));
        assertThatThrownBy(() -> unconnected.ask(connection -> "")).isInstanceOf(StoreUnavailableException.class);
        assertThat(unconnected.isAnswered()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23505", "54000"})
    void blamesTheDataAndKeepsTheConnection(String state) {
        assertThatThrownBy(() -> session.ask(connection -> {
                    throw new SQLException("bad data", state);
                }))
                .isInstanceOf(StoreRefusedException.class);
        assertThat(session.<String>ask(connection -> "next")).isEqualTo("next");
        assertThat(opened).hasValue(1);
    }

    @Test
    void opensAnotherConnectionAfterAnOutage() {
        assertThatThrownBy(() -> session.ask(connection -> {
                    throw new SQLException("gone", "08006");
                }))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(session.<String>ask(connection -> "next")).isEqualTo("next");
        assertThat(opened).hasValue(2);
    }

    /// Where the server says nothing for too long, the driver says 08006.
    @ParameterizedTest
    @CsvSource({"08006, false", "57P01, false", "57014, true", "55P03, true", "42501, true", "23505, true"})
    void isAnsweredByWhateverTheServerComplainsOf(String state, boolean answered) {
        assertThat(session.isAnswered()).as("before it was asked").isFalse();
        assertThat(session.<String>ask(connection -> "first")).isEqualTo("first");
        assertThat(session.isAnswered()).isTrue();
        assertThatThrownBy(() -> session.ask(connection -> {
                    throw new SQLException("simulated", state);
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(session.isAnswered()).isEqualTo(answered);
        assertThat(session.<String>ask(connection -> "next")).isEqualTo("next");
        assertThat(session.isAnswered()).isTrue();
    }

    /// Does nothing but close.
    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                PostgresSessionTests.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> null);
    }
}
