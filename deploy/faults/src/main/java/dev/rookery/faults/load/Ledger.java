package dev.rookery.faults.load;

import dev.rookery.client.RelayClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What was sent to the suite, what it answered, and therefore has to keep. Thread-safe.
final class Ledger {

    private static final int COMPLAINTS_KEPT = 50;

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, List<Entry>> versions = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private int complained;

    synchronized void sending(Sent sent) {
        entries.computeIfAbsent(sent.id(), id -> {
            Entry entry = new Entry(sent);
            sent.address()
                    .ifPresent(address -> versions.computeIfAbsent(address, key -> new ArrayList<>())
                            .add(entry));
            return entry;
        });
    }

    synchronized void answered(String id, String gateway, RelayClient.Ok ok) {
        Entry entry = entries.get(id);
        if (entry == null) {
            complain("an answer to " + id + ", which was never sent: " + ok);
            return;
        }
        Standing before = entry.standing();
        if (!entry.answered(gateway, ok)) {
            complain("%s at %s: %s after %s, %s".formatted(id, gateway, ok, before, entry.sent()));
        }
    }

    synchronized void unanswered(String id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            entry.unanswered();
        }
    }

    /// Compares what is served with what was sent.
    synchronized void served(String id, String json, String where) {
        Entry entry = entries.get(id);
        if (entry == null) {
            complain(where + " serves " + id + ", which was never sent");
        } else if (!entry.sent().json().equals(json)) {
            complain(where + " serves " + json + " and not " + entry.sent().json());
        }
    }

    synchronized void complain(String complaint) {
        complained++;
        if (complaints.size() < COMPLAINTS_KEPT) {
            complaints.add(complaint);
        }
    }

    /// What was not as it has to be, the first ones.
    synchronized List<String> complaints() {
        List<String> all = new ArrayList<>(complaints);
        if (complained > complaints.size()) {
            all.add("and " + (complained - complaints.size()) + " more");
        }
        return all;
    }

    synchronized int count(Standing standing) {
        return (int) entries.values().stream()
                .filter(entry -> entry.standing() == standing)
                .count();
    }

    /// What this gateway has said is stored.
    synchronized Set<String> storedAt(String gateway) {
        return ids(entry -> entry.isStoredAt(gateway));
    }

    /// What must be found: promised, and not certainly or possibly replaced by a newer version.
    synchronized Set<String> owed() {
        return ids(this::isOwed);
    }

    /// Those of these that must be found.
    synchronized Set<String> owedOf(Set<String> ids) {
        Set<String> owed = new HashSet<>(ids);
        owed.removeIf(id -> {
            Entry entry = entries.get(id);
            return entry == null || !isOwed(entry);
        });
        return owed;
    }

    /// What must not be found: refused for good, forged, or replaced by a newer version that must be found.
    synchronized Set<String> forbidden() {
        return ids(entry -> entry.sent().forged()
                || entry.standing() == Standing.REFUSED
                || newer(entry, version -> version.standing() == Standing.STORED));
    }

    /// What must never have been delivered: refused for good at once, or forged.
    synchronized Set<String> neverStored() {
        return ids(entry -> !entry.mayHaveBeenStored());
    }

    private boolean isOwed(Entry entry) {
        boolean promised = entry.standing() == Standing.STORED || entry.standing() == Standing.LOGGED;
        return promised && !newer(entry, Entry::mayHaveBeenStored);
    }

    private boolean newer(Entry entry, Predicate<Entry> which) {
        return entry.sent()
                .address()
                .flatMap(address -> versions.getOrDefault(address, List.of()).stream()
                        .filter(version -> Sent.NEWEST_FIRST.compare(version.sent(), entry.sent()) < 0)
                        .filter(which)
                        .findAny())
                .isPresent();
    }

    private Set<String> ids(Predicate<Entry> which) {
        return entries.values().stream()
                .filter(which)
                .map(entry -> entry.sent().id())
                .collect(Collectors.toSet());
    }
}
