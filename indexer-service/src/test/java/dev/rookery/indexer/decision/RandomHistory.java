package dev.rookery.indexer.decision;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.indexer.decision.SequentialModel.Address;
import dev.rookery.indexer.decision.SequentialModel.Buried;
import dev.rookery.indexer.fixture.TestAuthor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;

/// What a few authors send over two doors at once, so little of everything that most of it meets something else: the
/// same event twice, versions of one address, equal times, what has expired, what is deleted before it comes or after.
///
/// @param live in the order of `nostr.index`
/// @param bulk in the order of `nostr.bulk`
record RandomHistory(List<Event> live, List<Event> bulk) {

    private static final int EVENTS = 8;
    private static final int REQUESTS = 3;
    private static final int[] KINDS = {0, 0, 3, 10_002, 30_000, 30_000, 30_023, 1, 1, 7, 5, 62, 1059, 20_001};
    private static final String[] IDENTIFIERS = {"", "a", "b"};

    /// @param model is told of what was deleted before
    static RandomHistory of(Random random, List<TestAuthor> authors, SequentialModel model) {
        List<Event> events = new ArrayList<>(Stream.generate(() -> event(random, authors))
                .limit(EVENTS - REQUESTS)
                .toList());
        for (int i = 0; i < REQUESTS; i++) {
            events.add(random.nextInt(4) == 0 ? vanishing(random, authors) : deleting(random, authors, events));
        }
        for (Event event : events) {
            bury(random, authors, event, model);
        }
        return new RandomHistory(picked(random, events), picked(random, events));
    }

    /// Several at once, each in its order.
    static RandomHistory mixed(Random random, List<RandomHistory> histories) {
        return new RandomHistory(
                mixed(random, histories.stream().map(RandomHistory::live)),
                mixed(random, histories.stream().map(RandomHistory::bulk)));
    }

    private static List<Event> mixed(Random random, Stream<List<Event>> lists) {
        List<Queue<Event>> left =
                new ArrayList<>(lists.<Queue<Event>>map(ArrayDeque::new).toList());
        List<Event> mixed = new ArrayList<>();
        while (!left.isEmpty()) {
            Queue<Event> next = left.get(random.nextInt(left.size()));
            mixed.add(next.remove());
            if (next.isEmpty()) {
                left.remove(next);
            }
        }
        return mixed;
    }

    private static Event event(Random random, List<TestAuthor> authors) {
        int kind = KINDS[random.nextInt(KINDS.length)];
        List<Tag> tags = new ArrayList<>();
        if (kind >= 30_000 || random.nextInt(8) == 0) {
            tags.add(Tag.of("d", IDENTIFIERS[random.nextInt(IDENTIFIERS.length)]));
        }
        if (kind == 1059 || random.nextInt(4) == 0) {
            tags.add(Tag.of("p", one(random, authors).key().toString()));
        }
        if (random.nextInt(6) == 0) {
            tags.add(Tag.of("expiration", random.nextBoolean() ? "1700000000" : "99999999999"));
        }
        String content = "version " + random.nextInt(1000);
        return one(random, authors).event(kind, time(random), content, tags.toArray(Tag[]::new));
    }

    private static Event deleting(Random random, List<TestAuthor> authors, List<Event> events) {
        TestAuthor author = one(random, authors);
        List<Tag> tags = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Event target = events.get(random.nextInt(events.size()));
            Address address = SequentialModel.address(target);
            tags.add(
                    address == null || random.nextBoolean()
                            ? Tag.of("e", target.id().toString())
                            : Tag.of("a", address.kind() + ":" + address.author() + ":" + address.identifier()));
        }
        return author.event(5, time(random), "request " + random.nextInt(1000), tags.toArray(Tag[]::new));
    }

    private static Event vanishing(Random random, List<TestAuthor> authors) {
        String relay = random.nextInt(3) == 0
                ? "wss://elsewhere.example"
                : SequentialModel.HERE.stream().sorted().toList().get(random.nextInt(2));
        return one(random, authors).event(62, time(random), "", Tag.of("relay", relay));
    }

    private static long time(Random random) {
        return TestAuthor.NOW + random.nextInt(3);
    }

    private static void bury(Random random, List<TestAuthor> authors, Event event, SequentialModel model) {
        switch (random.nextInt(12)) {
            case 0 -> model.tombstones.add(new Buried(event.id(), event.pubkey()));
            case 1 ->
                model.tombstones.add(new Buried(event.id(), one(random, authors).key()));
            case 2 -> model.floors.put(event.pubkey(), TestAuthor.NOW + random.nextInt(3) - 1);
            case 3 -> {
                Address address = SequentialModel.address(event);
                if (address != null) {
                    model.addressTombstones.put(address, TestAuthor.NOW + random.nextInt(3) - 1);
                }
            }
            default -> {}
        }
    }

    private static List<Event> picked(Random random, List<Event> events) {
        return Stream.generate(() -> events.get(random.nextInt(events.size())))
                .limit(EVENTS)
                .toList();
    }

    private static TestAuthor one(Random random, List<TestAuthor> authors) {
        return authors.get(random.nextInt(authors.size()));
    }
}
