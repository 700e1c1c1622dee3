package dev.rookery.indexer.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.indexer.fixture.Store;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What readers ask the schema for.
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class ReadingIT {

    private static final String ROW =
            "select concat_ws('|', seq, origin, coalesce(convert_from(\"json\", 'UTF8'), 'nothing')) from ";

    private Store store;

    /// Numbers 1 to 6, of which 4 is gone.
    @BeforeEach
    void fill(TestPostgres database) {
        store = new Store(database);
        store.migrate();
        store.run("select events.extend('event', 1793000000)");
        store.run("truncate events.event, events.identity, events.vanishing");
        store.run("update events.sequencer set epoch = 3, seq = 6");
        for (int seq : new int[] {1, 2, 3, 5, 6}) {
            byte[] id = {(byte) seq};
            store.run("insert into events.identity values (?, 1750000000, ?)", id, seq);
            store.run(
                    "insert into events.event values (1750000000, ?, ?, 1, 'k', null, ?, null, '{}', ?)",
                    id,
                    seq,
                    seq % 2,
                    ("event " + seq).getBytes(UTF_8));
        }
    }

    @Test
    void tellsHowFarTheOrderIs() {
        assertThat(store.<String>column("select epoch || '/' || seq from events.committed()"))
                .containsExactly("3/6");
    }

    @Test
    void givesWhatIsStoredOfARangeInOrder() {
        assertThat(range(0, 6, 100))
                .containsExactly("1|1|event 1", "2|0|event 2", "3|1|event 3", "5|1|event 5", "6|0|event 6");
    }

    @Test
    void keepsToTheRangeAndItsLimit() {
        assertThat(range(4, 5, 100)).containsExactly("5|1|event 5");
        assertThat(range(1, 6, 3)).containsExactly("2|0|event 2", "3|1|event 3", "5|1|event 5");
        assertThat(range(6, 9, 3)).isEmpty();
        assertThat(range(3, 3, 3)).isEmpty();
    }

    /// NIP-62: what is not swept away yet has a number, and that is all.
    @Test
    void showsNothingOfWhatHasVanished() {
        store.run("insert into events.vanishing values ('k', 1750000000)");
        assertThat(range(0, 2, 100)).containsExactly("1|1|nothing", "2|0|nothing");
        store.run("update events.vanishing set up_to = 1749999999");
        assertThat(range(0, 2, 100)).containsExactly("1|1|event 1", "2|0|event 2");
    }

    @Test
    void letsTheReadingRoleReadAndNothingElse() {
        String may = "select has_%s_privilege('rookery_query', '%s', '%s')";
        assertThat(store.<Boolean>column(may.formatted("table", "events.event", "select")))
                .containsExactly(true);
        assertThat(store.<Boolean>column(may.formatted("table", "events.event_2026", "select")))
                .containsExactly(true);
        assertThat(store.<Boolean>column(may.formatted("table", "events.event", "insert")))
                .containsExactly(false);
        assertThat(store.<Boolean>column(may.formatted("function", "events.range(bigint,bigint,int)", "execute")))
                .containsExactly(true);
        assertThat(store.<Boolean>column("select bool_or(has_function_privilege('rookery_query', p.oid, 'execute'))"
                        + " from pg_proc p where proname in ('decide', 'place_lanes', 'take_turn', 'extend')"))
                .containsExactly(false);
    }

    private List<String> range(long after, long upTo, int limit) {
        return store.column(ROW + "events.range(?, ?, ?)", after, upTo, limit);
    }
}
