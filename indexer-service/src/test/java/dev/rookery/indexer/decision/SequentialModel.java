package dev.rookery.indexer.decision;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import dev.rookery.order.Decision;
import dev.rookery.order.Effect;
import dev.rookery.topics.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of deciding as one would write them without a database: an event at a time, each with all that came
/// before it.
final class SequentialModel {

    static final Set<String> HERE = Set.of("ALL_RELAYS", "wss://here.example/");

    record Address(Bytes32 author, int kind, String identifier) {}

    record Buried(Bytes32 id, Bytes32 deleter) {}

    record Stored(Event event, long seq, Origin origin) {}

    record Verdict(Decision decision, long seq, List<Effect> effects) {}

    final Set<Buried> tombstones = new HashSet<>();
    final Map<Address, Long> addressTombstones = new HashMap<>();
    final Map<Bytes32, Long> floors = new HashMap<>();
    final Set<Bytes32> vanished = new HashSet<>();
    final Map<Bytes32, Stored> stored = new HashMap<>();
    final Map<Address, Event> heads = new HashMap<>();
    private final long nowSeconds;
    private long seq;

    SequentialModel(long seq, long nowSeconds) {
        this.seq = seq;
        this.nowSeconds = nowSeconds;
    }

    Verdict decide(Event event, Origin origin) {
        Decision decision = judge(event);
        if (decision != Decision.ACCEPTED) {
            return new Verdict(decision, 0, List.of());
        }
        seq++;
        List<Effect> effects = new ArrayList<>();
        Address address = address(event);
        Event former = address == null ? null : heads.put(address, event);
        if (former != null) {
            remove(former, effects);
        }
        stored.put(event.id(), new Stored(event, seq, origin));
        for (Tag tag : event.tags()) {
            if (event.kind() == 5 && tag.name().equals("e")) {
                delete(event, Bytes32.parseHex(tag.elements().get(1)).orElseThrow(), effects);
            } else if (event.kind() == 5 && tag.name().equals("a")) {
                deleteAt(event, tag.elements().get(1), effects);
            } else if (event.kind() == 62 && HERE.contains(tag.elements().get(1))) {
                vanish(event, effects);
            }
        }
        return new Verdict(decision, seq, effects);
    }

    private void delete(Event request, Bytes32 id, List<Effect> effects) {
        tombstones.add(new Buried(id, request.pubkey()));
        Stored target = stored.get(id);
        if (target != null && isDeleted(target.event())) {
            remove(target.event(), effects);
        }
    }

    private void deleteAt(Event request, String text, List<Effect> effects) {
        String[] parts = text.split(":", 3);
        if (!parts[1].equals(request.pubkey().toString())) {
            return;
        }
        Address address = new Address(request.pubkey(), Integer.parseInt(parts[0]), parts[2]);
        addressTombstones.merge(address, request.createdAt(), Math::max);
        Event head = heads.get(address);
        if (head != null && head.createdAt() <= request.createdAt()) {
            remove(head, effects);
        }
    }

    private void vanish(Event request, List<Effect> effects) {
        floors.merge(request.pubkey(), request.createdAt(), Math::max);
        effects.add(new Effect.Vanished(request.pubkey(), request.createdAt()));
        stored.values().stream().map(Stored::event).filter(this::hasVanished).forEach(gone -> vanished.add(gone.id()));
        vanished.forEach(stored::remove);
    }

    private void remove(Event event, List<Effect> effects) {
        if (stored.remove(event.id()) != null) {
            effects.add(new Effect.Removed(event.id(), event.createdAt()));
        }
    }

    private Decision judge(Event event) {
        if (event.isExpired(nowSeconds)) {
            return Decision.EXPIRED;
        }
        if (hasVanished(event)) {
            return Decision.VANISHED;
        }
        if (stored.containsKey(event.id())) {
            return Decision.DUPLICATE;
        }
        if (isDeleted(event)) {
            return Decision.DELETED;
        }
        Address address = address(event);
        if (address == null) {
            return Decision.ACCEPTED;
        }
        if (addressTombstones.getOrDefault(address, -1L) >= event.createdAt()) {
            return Decision.DELETED;
        }
        Event head = heads.get(address);
        return head != null && isOlder(event, head) ? Decision.SUPERSEDED : Decision.ACCEPTED;
    }

    private boolean isDeleted(Event event) {
        boolean byItsAuthor =
                event.kind() != 5 && event.kind() != 62 && tombstones.contains(new Buried(event.id(), event.pubkey()));
        Bytes32 recipient = recipient(event);
        return byItsAuthor || (recipient != null && tombstones.contains(new Buried(event.id(), recipient)));
    }

    private boolean hasVanished(Event event) {
        Bytes32 recipient = recipient(event);
        long floor = floors.getOrDefault(event.pubkey(), -1L);
        return floor > event.createdAt()
                || (floor == event.createdAt() && event.kind() != 62)
                || (recipient != null && floors.getOrDefault(recipient, -1L) >= event.createdAt());
    }

    /// NIP-01: newest wins; of one time, the lowest id.
    private static boolean isOlder(Event event, Event head) {
        return event.createdAt() != head.createdAt()
                ? event.createdAt() < head.createdAt()
                : Arrays.compareUnsigned(event.id().toBytes(), head.id().toBytes()) > 0;
    }

    static @Nullable Address address(Event event) {
        if (Kinds.isAddressable(event.kind())) {
            return new Address(event.pubkey(), event.kind(), event.identifier());
        }
        return Kinds.isReplaceable(event.kind()) ? new Address(event.pubkey(), event.kind(), "") : null;
    }

    private static @Nullable Bytes32 recipient(Event event) {
        return event.kind() == 1059
                ? event.firstValue("p").flatMap(Bytes32::parseHex).orElse(null)
                : null;
    }

    /// Without what is told of events that had vanished: whether they are told to go once more, by another request or a
    /// newer version, depends on whether the sweep was there first, and makes no difference.
    List<Effect> ofWhatWasThere(List<Effect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof Effect.Removed(var id, var _) && vanished.contains(id)))
                .toList();
    }

    long seq() {
        return seq;
    }

    /// The rows that the tables are to have, each as the texts of its columns.
    Set<String> events() {
        Set<String> rows = new HashSet<>();
        stored.values()
                .forEach(s -> rows.add(String.join(
                        "|",
                        s.event().id().toString(),
                        Long.toString(s.event().createdAt()),
                        Long.toString(s.seq()),
                        Integer.toString(s.event().kind()),
                        s.event().pubkey().toString(),
                        Integer.toString(s.origin().flags()),
                        s.event().expiration().isPresent()
                                ? Long.toString(s.event().expiration().getAsLong())
                                : "never",
                        s.event().toString())));
        return rows;
    }

    Set<String> identities() {
        Set<String> rows = new HashSet<>();
        stored.values().forEach(s -> rows.add(s.event().id() + "|" + s.event().createdAt() + "|" + s.seq()));
        return rows;
    }

    Set<String> tags() {
        Set<String> rows = new HashSet<>();
        stored.values().forEach(s -> {
            for (long hash : TagHash.all(s.event())) {
                rows.add(hash + "|" + s.event().createdAt() + "|" + s.event().id() + "|"
                        + s.event().kind());
            }
        });
        return rows;
    }

    Set<String> tombstoneRows() {
        Set<String> rows = new HashSet<>();
        tombstones.forEach(buried -> rows.add(buried.id() + "|" + buried.deleter()));
        return rows;
    }

    Set<String> addressTombstoneRows() {
        Set<String> rows = new HashSet<>();
        addressTombstones.forEach((address, upTo) -> rows.add(String.join(
                "|",
                address.author().toString(),
                Integer.toString(address.kind()),
                Bytes32.of(TagHash.ofIdentifier(address.identifier())).toString(),
                Long.toString(upTo))));
        return rows;
    }

    Set<String> floorRows() {
        Set<String> rows = new HashSet<>();
        floors.forEach((author, upTo) -> rows.add(author + "|" + upTo));
        return rows;
    }

    Set<String> headRows() {
        Set<String> rows = new HashSet<>();
        heads.forEach((address, event) -> rows.add(String.join(
                "|",
                address.author().toString(),
                Integer.toString(address.kind()),
                Bytes32.of(TagHash.ofIdentifier(address.identifier())).toString(),
                Long.toString(event.createdAt()),
                event.id().toString())));
        return rows;
    }
}
