package dev.rookery.indexer.decision;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.fixture.Store;
import dev.rookery.indexer.fixture.TestAuthor;
import dev.rookery.testservers.PostgresExtension;
import dev.rookery.testservers.TestPostgres;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An event, a newer version of it, its deletion, its re-publication and its author's request to vanish, in all orders
/// and by two indexers in turn: in the end the same is stored, and what is not stored is refused for good.
@ExtendWith(PostgresExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AnyOrderIT {

    private static final long NOW = TestAuthor.NOW;
    private static final Tag PAGE = Tag.of("d", "page");

    private static int authors = 1_000;

    private TestDecider first;
    private TestDecider second;

    enum Case {
        VERSION_DELETED_BY_ADDRESS {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event v1 = alice.event(30_023, NOW + 1, "v1", PAGE);
                Event v2 = alice.event(30_023, NOW + 2, "v2", PAGE);
                return List.of(v1, v2, deletion(alice, NOW + 1, address(v1)), v1, vanish(alice, NOW));
            }
        },
        ALL_VERSIONS_DELETED_BY_ADDRESS {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event v1 = alice.event(10_002, NOW + 1, "v1");
                Event v2 = alice.event(10_002, NOW + 2, "v2");
                return List.of(v1, v2, deletion(alice, NOW + 3, address(v1)), v1, vanish(alice, NOW + 1));
            }
        },
        OLDER_VERSION_DELETED_BY_ID {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event v1 = alice.event(0, NOW + 1, "v1");
                Event v2 = alice.event(0, NOW + 2, "v2");
                return List.of(v1, v2, deletion(alice, NOW + 3, id(v1)), v1, vanish(alice, NOW));
            }
        },
        NOTE_DELETED_AND_VANISHED {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event note = alice.event(1, NOW + 1, "note");
                Event later = alice.event(1, NOW + 3, "later");
                return List.of(note, later, deletion(alice, NOW + 2, id(note)), note, vanish(alice, NOW + 2));
            }
        },
        WRAP_OF_A_RECIPIENT_WHO_DELETES_AND_VANISHES {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Tag toAlice = Tag.of("p", alice.key().toString());
                Event wrap = bob.event(1059, NOW + 3, "", toAlice);
                Event old = bob.event(1059, NOW + 1, "", toAlice);
                return List.of(wrap, old, deletion(alice, NOW + 4, id(wrap)), wrap, vanish(alice, NOW + 2));
            }
        },
        WHAT_A_STRANGER_WOULD_DELETE {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event v1 = alice.event(30_023, NOW + 1, "v1", PAGE);
                Event note = alice.event(1, NOW + 1, "note");
                return List.of(v1, note, deletion(bob, NOW + 2, id(note), address(v1)), note, vanish(bob, NOW + 3));
            }
        },
        A_DELETION_THAT_IS_DELETED {
            @Override
            List<Event> of(TestAuthor alice, TestAuthor bob) {
                Event note = alice.event(1, NOW + 1, "note");
                Event deletion = deletion(alice, NOW + 2, id(note));
                return List.of(note, deletion, deletion(alice, NOW + 3, id(deletion)), note, vanish(alice, NOW));
            }
        };

        abstract List<Event> of(TestAuthor alice, TestAuthor bob);
    }

    @BeforeAll
    static void migrate(TestPostgres database) {
        new Store(database).migrate();
    }

    @BeforeEach
    void place(TestPostgres database) {
        first = new TestDecider(database, "one");
        first.store.run("truncate events.progress");
        first.placeAt(0, -1).withoutWaitingForTheDisk();
        second = new TestDecider(database, "two").placeAt(0, -1).withoutWaitingForTheDisk();
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @ParameterizedTest
    @EnumSource
    void endsTheSame(Case history) {
        List<List<Event>> histories = new ArrayList<>();
        for (List<Integer> order : orders(List.of(0, 1, 2, 3, 4))) {
            List<Event> events = history.of(new TestAuthor(authors++), new TestAuthor(authors++));
            for (int turn = 0; turn < order.size(); turn++) {
                (turn % 2 == 0 ? first : second).decide(events.get(order.get(turn)));
            }
            histories.add(events);
        }
        sweep();
        assertThat(stored(histories))
                .as("the places of those stored in the end")
                .hasSize(1);
        Set<List<Integer>> stored = stored(histories);
        for (int again = 0; again < histories.size(); again += 9) {
            histories.get(again).forEach(event -> first.decide(event));
        }
        sweep();
        assertThat(stored(histories)).as("some sent again").isEqualTo(stored);
    }

    private void sweep() {
        while (first.store.number("select events.sweep_vanished(100)") >= 0) {
            continue;
        }
    }

    /// For each history, which of its five events are stored; once for those that agree.
    private Set<List<Integer>> stored(List<List<Event>> histories) {
        List<Integer> places = first.store.column(
                "select i.place::int from unnest(?) with ordinality as i (id, place)"
                        + " where exists (select from events.identity d where d.id = i.id) order by 1",
                (Object) histories.stream()
                        .flatMap(List::stream)
                        .map(event -> event.id().toBytes())
                        .toArray(byte[][]::new));
        Map<Integer, List<Integer>> byHistory = places.stream()
                .map(place -> place - 1)
                .collect(groupingBy(place -> place / 5, mapping(place -> place % 5, toList())));
        assertThat(byHistory).as("something is stored of each").hasSameSizeAs(histories);
        return new HashSet<>(byHistory.values());
    }

    private static List<List<Integer>> orders(List<Integer> places) {
        if (places.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer head : places) {
            List<Integer> rest = new ArrayList<>(places);
            rest.remove(head);
            for (List<Integer> tail : orders(rest)) {
                List<Integer> order = new ArrayList<>(List.of(head));
                order.addAll(tail);
                orders.add(order);
            }
        }
        return orders;
    }

    private static Event deletion(TestAuthor author, long at, Tag... targets) {
        return author.event(5, at, "", targets);
    }

    private static Event vanish(TestAuthor author, long at) {
        return author.event(62, at, "", Tag.of("relay", "ALL_RELAYS"));
    }

    private static Tag id(Event event) {
        return Tag.of("e", event.id().toString());
    }

    private static Tag address(Event event) {
        return Tag.of("a", event.kind() + ":" + event.pubkey() + ":" + event.identifier());
    }
}
