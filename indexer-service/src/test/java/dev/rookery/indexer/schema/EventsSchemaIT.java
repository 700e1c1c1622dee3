package dev.rookery.indexer.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.indexer.fixture.CuttingProxy;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.outage.StoreUnavailableException;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@Timeout(120)
class EventsSchemaIT {

    /// Half-way through, the server is gone: an outage like any other, to be tried again.
    @Test
    void canBeMigratedAgainAfterTheServerWentAwayUnderWay(TestPostgres database) {
        try (CuttingProxy proxy = new CuttingProxy(database.host(), database.port())) {
            Store behind = new Store(new TestPostgres(
                    database.database(),
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.database(),
                    "",
                    database.user(),
                    database.password()));
            proxy.loseReplyTo("create table events.vanish_floor".getBytes(UTF_8));
            assertThatThrownBy(behind::migrate).isInstanceOf(StoreUnavailableException.class);
            assertThat(proxy.cuts()).isEqualTo(1);
            behind.migrate();
        }
        assertThat(new Store(database).number("select count(*) from events.vanish_floor"))
                .isZero();
    }
}
