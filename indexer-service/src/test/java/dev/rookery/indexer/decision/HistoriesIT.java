package dev.rookery.indexer.decision;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.TagHash;
import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.BatchProperties;
import dev.rookery.indexer.decision.SequentialModel.Verdict;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.order.Effects;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import dev.rookery.topics.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.util.unit.DataSize;

/// Random histories, decided by two indexers at once over lanes of their own, one of them of `nostr.bulk`, end as if
/// one event had been decided after the other, in the order of the numbers given out.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class HistoriesIT {

    private static final int HISTORIES = 2_000;
    private static final int AT_ONCE = 20;
    private static final int AUTHORS = 2;
    private static final Origin IMPORT = new Origin(false, false);
    private static final HexFormat HEX = HexFormat.of();

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final SequentialModel model = new SequentialModel(0, System.currentTimeMillis() / 1000);

    @BeforeAll
    static void migrate(TestPostgres database) {
        new Store(database).migrate();
    }

    @Test
    void endAsIfDecidedOneAfterTheOther(TestPostgres database) throws Exception {
        System.out.println("seed " + seed);
        List<RandomHistory> histories = new ArrayList<>();
        for (int i = 0; i < HISTORIES; i += AT_ONCE) {
            histories.add(RandomHistory.mixed(
                    random,
                    IntStream.range(i, i + AT_ONCE)
                            .mapToObj(h -> RandomHistory.of(random, authors(h), model))
                            .toList()));
        }
        bury(database);
        try (TestDecider live = decider(database, "nostr.index");
                TestDecider bulk = decider(database, "nostr.bulk")) {
            List<Decided> decided = decide(histories, live, bulk);
            decided.sort(Comparator.comparingLong(Decided::outboxRow));
            verdictsAreTheModels(decided);
            tablesAreTheModels(live.store);
            outboxIs(decided, live.store);
        }
    }

    private static List<TestAuthor> authors(int history) {
        List<TestAuthor> authors = new ArrayList<>();
        for (int i = 1; i <= AUTHORS; i++) {
            authors.add(new TestAuthor(history * AUTHORS + i));
        }
        return authors;
    }

    private static TestDecider decider(TestPostgres database, String topic) {
        return new TestDecider(database, topic).placeAt(0, -1).withoutWaitingForTheDisk();
    }

    private List<Decided> decide(List<RandomHistory> histories, TestDecider live, TestDecider bulk) throws Exception {
        Phaser together = new Phaser(2);
        Random cuts = new Random(seed);
        int[] sizes = cuts.ints(histories.size(), 1, 40).toArray();
        try (var threads = Executors.newFixedThreadPool(3)) {
            Future<List<Decided>> ofLive = threads.submit(deciding(
                    histories.size(),
                    together,
                    i -> live.decideAll(
                            cutter(sizes[i]), Origin.CLIENT, histories.get(i).live())));
            Future<List<Decided>> ofBulk = threads.submit(deciding(
                    histories.size(),
                    together,
                    i -> bulk.decideAll(
                            cutter(40 - sizes[i]), IMPORT, histories.get(i).bulk())));
            Future<Integer> snapshots = threads.submit(() -> {
                int looked = 0;
                while (!ofLive.isDone() || !ofBulk.isDone()) {
                    whatIsVisibleIsAPrefix(live.store);
                    sweep(live.store);
                    looked++;
                    LockSupport.parkNanos(10_000_000);
                }
                while (sweep(live.store) >= 0) {}
                return looked;
            });
            List<Decided> all = new ArrayList<>(ofLive.get());
            all.addAll(ofBulk.get());
            assertThat(snapshots.get()).isGreaterThan(1);
            return all;
        }
    }

    /// Of those who have vanished, a few at a time, while others go on deciding.
    private static long sweep(Store store) {
        return store.number("select events.sweep_vanished(3)");
    }

    private interface Deciding {
        List<Decided> decide(int history);
    }

    /// Both take up each history together. When one of them fails, the other goes on alone.
    private static Callable<List<Decided>> deciding(int histories, Phaser together, Deciding deciding) {
        return () -> {
            List<Decided> decided = new ArrayList<>();
            try {
                for (int i = 0; i < histories; i++) {
                    together.arriveAndAwaitAdvance();
                    decided.addAll(deciding.decide(i));
                }
            } finally {
                together.arriveAndDeregister();
            }
            return decided;
        };
    }

    private static BatchCutter cutter(int maxEvents) {
        return new BatchCutter(new BatchProperties(maxEvents, DataSize.ofMegabytes(4), 10_000));
    }

    /// In every snapshot: the latest rows of the outbox go up to the last number given out, and leave out none. So
    /// numbers become visible in their order, which is the order of commits.
    private static void whatIsVisibleIsAPrefix(Store store) {
        List<String> numbers = store.column("""
                select concat_ws('|', s.seq, o.last, s.seq - o.first + 1, o.count)
                from events.sequencer s, (
                    select max(last_seq) as last, min(first_seq) as first, sum(last_seq - first_seq + 1) as count
                    from (select * from events.outbox order by batch desc limit 50) latest) o
                where o.last is not null""");
        for (String row : numbers) {
            String[] columns = row.split("\\|");
            assertThat(columns[1]).as("the highest number of all rows").isEqualTo(columns[0]);
            assertThat(columns[3]).as("how many numbers there are").isEqualTo(columns[2]);
        }
    }

    private void verdictsAreTheModels(List<Decided> decided) {
        for (Decided batch : decided) {
            for (Judged judged : batch.events()) {
                Event event = judged.candidate().event();
                Verdict verdict = model.decide(event, judged.candidate().origin());
                List<Effect> effects = model.ofWhatWasThere(judged.effects());
                assertThat(new Verdict(judged.decision(), judged.position().seq(), effects))
                        .as("seed %d, batch %d, %s", seed, batch.outboxRow(), event)
                        .isEqualTo(verdict);
            }
            assertThat(batch.at().seq()).isEqualTo(model.seq());
        }
        assertThat(decided.stream().flatMap(d -> d.events().stream()).map(Judged::decision))
                .as("something of everything")
                .contains(
                        Decision.ACCEPTED,
                        Decision.DUPLICATE,
                        Decision.SUPERSEDED,
                        Decision.DELETED,
                        Decision.VANISHED,
                        Decision.EXPIRED);
    }

    private void tablesAreTheModels(Store store) {
        assertRows(
                store,
                "id, created_at, seq, kind, pubkey, origin, coalesce(expires_at::text, 'never'), json",
                "event",
                model.events());
        assertRows(store, "id, created_at, seq", "identity", model.identities());
        assertRows(store, "hash, created_at, id, kind", "tag", model.tags());
        assertRows(store, "pubkey, kind, identifier_hash, created_at, id", "head", model.headRows());
        assertRows(store, "id, deleter", "tombstone", model.tombstoneRows());
        assertRows(store, "pubkey, kind, identifier_hash, up_to", "address_tombstone", model.addressTombstoneRows());
        assertRows(store, "pubkey, up_to", "vanish_floor", model.floorRows());
        assertThat(store.number("select seq from events.sequencer")).isEqualTo(model.seq());
        assertThat(store.<Long>column("select decided from events.progress order by topic"))
                .containsExactly(HISTORIES * 8L, HISTORIES * 8L);
    }

    private void assertRows(Store store, String columns, String table, Set<String> expected) {
        String text = Stream.of(columns.split(", (?![^(]*\\))"))
                .map(column -> switch (column) {
                    case "id", "pubkey", "deleter", "identifier_hash" -> "encode(" + column + ", 'hex')";
                    case "json" -> "convert_from(\"json\", 'UTF8')";
                    default -> column;
                })
                .collect(joining(", "));
        List<String> rows = store.column("select concat_ws('|', %s) from events.%s".formatted(text, table));
        assertThat(rows).as("seed %d, table %s", seed, table).doesNotHaveDuplicates();
        assertThat(new HashSet<>(rows)).as("seed %d, table %s", seed, table).isEqualTo(expected);
    }

    /// One row for each batch, in the order in which transactions got their turn, with what the indexer was told.
    private void outboxIs(List<Decided> decided, Store store) {
        assertThat(store.<Long>column("select batch from events.outbox order by xmin::text::bigint"))
                .isEqualTo(decided.stream().map(Decided::outboxRow).toList());
        List<String> rows = store.column("""
                select concat_ws('|', first_seq, last_seq,
                    (select string_agg(encode(id, 'hex'), ',' order by ord) from unnest(accepted_ids) with ordinality a (id, ord)),
                    accepted_created_at, accepted_kinds, origins,
                    (select string_agg(coalesce(encode(e, 'hex'), ''), ',' order by ord)
                        from unnest(effects) with ordinality a (e, ord)),
                    (select string_agg(encode(id, 'hex') || ':' || code, ',' order by id, code)
                        from unnest(refused_ids, refused_codes) r (id, code)))
                from events.outbox order by batch""");
        assertThat(rows)
                .as("seed %d", seed)
                .isEqualTo(decided.stream().map(HistoriesIT::outboxRow).toList());
    }

    private static String outboxRow(Decided decided) {
        List<Judged> accepted = decided.accepted();
        List<String> refused = new ArrayList<>();
        decided.events().stream()
                .filter(judged -> !judged.isAccepted())
                .forEach(j -> refused.add(
                        j.candidate().event().id() + ":" + j.decision().code()));
        decided.failed().forEach(f -> refused.add(f.id().orElseThrow() + ":" + Decision.FAILED.code()));
        long last = decided.at().seq();
        List<String> columns = new ArrayList<>(List.of(Long.toString(last - accepted.size() + 1), Long.toString(last)));
        if (!accepted.isEmpty()) {
            columns.add(joined(accepted, j -> j.candidate().event().id().toString()));
        }
        columns.add(
                "{" + joined(accepted, j -> Long.toString(j.candidate().event().createdAt())) + "}");
        columns.add("{"
                + joined(accepted, j -> Integer.toString(j.candidate().event().kind())) + "}");
        columns.add("{"
                + joined(accepted, j -> Integer.toString(j.candidate().origin().flags())) + "}");
        if (!accepted.isEmpty()) {
            columns.add(joined(accepted, j -> HEX.formatHex(Effects.encode(j.effects()))));
        }
        if (!refused.isEmpty()) {
            columns.add(refused.stream().sorted().collect(joining(",")));
        }
        return String.join("|", columns);
    }

    private static String joined(List<Judged> events, Function<Judged, String> text) {
        return events.stream().map(text).collect(joining(","));
    }

    private void bury(TestPostgres database) {
        Store store = new Store(database);
        store.run(
                "insert into events.tombstone select * from unnest(?, ?)",
                bytes(model.tombstones.stream().map(SequentialModel.Buried::id)),
                bytes(model.tombstones.stream().map(SequentialModel.Buried::deleter)));
        model.floors.forEach(
                (author, upTo) -> store.run("insert into events.vanish_floor values (?, ?)", author.toBytes(), upTo));
        model.addressTombstones.forEach((address, upTo) -> store.run(
                "insert into events.address_tombstone values (?, ?, ?, ?)",
                address.author().toBytes(),
                address.kind(),
                TagHash.ofIdentifier(address.identifier()),
                upTo));
    }

    private static Object bytes(Stream<Bytes32> all) {
        return all.map(Bytes32::toBytes).toArray(byte[][]::new);
    }
}
