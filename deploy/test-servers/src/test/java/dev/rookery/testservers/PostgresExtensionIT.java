package dev.rookery.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@ExtendWith(PostgresExtension.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PostgresExtensionIT {

    @BeforeAll
    static void write(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE words (word text)");
            statement.execute("INSERT INTO words VALUES ('written')");
        }
    }

    @Test
    void givesADatabaseReadOverJdbc(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                var rows = connection.createStatement().executeQuery("SELECT word FROM words")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("written");
        }
    }

    @Test
    void givesTheSameDatabaseOverR2dbc(TestPostgres postgres) {
        var factory = ConnectionFactories.get(ConnectionFactoryOptions.parse(postgres.r2dbcUrl())
                .mutate()
                .option(ConnectionFactoryOptions.USER, postgres.user())
                .option(ConnectionFactoryOptions.PASSWORD, postgres.password())
                .build());
        String word = Flux.usingWhen(
                        factory.create(),
                        connection -> Flux.from(connection
                                        .createStatement("SELECT word FROM words")
                                        .execute())
                                .flatMap(result -> result.map((row, metadata) -> row.get(0, String.class))),
                        connection -> Mono.from(connection.close()))
                .blockFirst(Duration.ofSeconds(30));
        assertThat(word).isEqualTo("written");
    }

    @Test
    void keepsWhatItCommits(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                var shown = connection.createStatement().executeQuery("SHOW fsync")) {
            assertThat(shown.next()).isTrue();
            assertThat(shown.getString(1)).isEqualTo("on");
        }
    }
}
