package dev.rookery.standalone;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a relay has to say to each event, and has to keep, written down from the NIPs with none of the suite's code.
final class ExpectedStore {

    /// NIP-01: newest first, and of one second the lowest id first.
    private static final Comparator<JsonNode> SERVED =
            Comparator.comparingLong(ExpectedStore::createdAt).reversed().thenComparing(ExpectedStore::id);

    private final long nowSeconds;
    private final Map<String, JsonNode> stored = new LinkedHashMap<>();
    private final Map<List<String>, JsonNode> newest = new HashMap<>();
    private final Set<List<String>> deleted = new HashSet<>();
    private final Map<List<String>, Long> deletedUpTo = new HashMap<>();

    ExpectedStore(long nowSeconds) {
        this.nowSeconds = nowSeconds;
    }

    /// Whether OK says true to an event that arrives after those before.
    boolean accepts(JsonNode event) {
        if (isExpired(event)) {
            return false;
        }
        if (isWithin(event, 20_000, 30_000)) {
            return true;
        }
        Optional<List<String>> address = address(event);
        if (isDeleted(event, address)) {
            return false;
        }
        JsonNode before = address.map(newest::get).orElse(null);
        if (before != null && SERVED.compare(before, event) < 0) {
            return false;
        }
        address.ifPresent(where -> newest.put(where, event));
        if (before != null) {
            stored.remove(id(before));
        }
        stored.put(id(event), event);
        if (isDeletion(event)) {
            event.get("tags").valueStream().filter(tag -> tag.size() > 1).forEach(tag -> delete(event, tag));
        }
        return true;
    }

    /// NIP-09: what its author has deleted, by its id or, up to a time, by its address.
    private boolean isDeleted(JsonNode event, Optional<List<String>> address) {
        return (!isDeletion(event) && deleted.contains(owned(id(event), event)))
                || address.filter(where -> deletedUpTo.getOrDefault(where, -1L) >= createdAt(event))
                        .isPresent();
    }

    private void delete(JsonNode request, JsonNode tag) {
        String value = tag.get(1).asString();
        switch (tag.get(0).asString()) {
            case "e" -> deleted.add(owned(value, request));
            case "a" -> {
                String[] parts = value.split(":", 3);
                if (parts[1].equals(request.get("pubkey").asString())) {
                    deletedUpTo.merge(List.of(parts), createdAt(request), Math::max);
                }
            }
            default -> {}
        }
        stored.values().removeIf(event -> isDeleted(event, address(event)));
    }

    private static List<String> owned(String id, JsonNode ofAuthor) {
        return List.of(id, ofAuthor.get("pubkey").asString());
    }

    private static boolean isDeletion(JsonNode event) {
        return event.get("kind").asInt() == 5;
    }

    boolean keeps(JsonNode event) {
        return stored.containsKey(id(event));
    }

    int size() {
        return stored.size();
    }

    /// Filters, each with what it finds, in the order served.
    Map<String, List<JsonNode>> byId() {
        return answers(event -> Stream.of("\"ids\":[\"" + id(event) + "\"]"));
    }

    Map<String, List<JsonNode>> byAuthor() {
        return answers(event -> Stream.of("\"authors\":[" + event.get("pubkey") + "]"));
    }

    Map<String, List<JsonNode>> byKind() {
        return answers(event -> Stream.of("\"kinds\":[" + event.get("kind") + "]"));
    }

    Map<String, List<JsonNode>> byTag() {
        return answers(event -> event.get("tags")
                .valueStream()
                .filter(tag -> tag.size() > 1 && tag.get(0).asString().matches("[a-zA-Z]"))
                .map(tag -> "\"#" + tag.get(0).asString() + "\":[" + tag.get(1) + "]")
                .distinct());
    }

    private Map<String, List<JsonNode>> answers(Function<JsonNode, Stream<String>> filtersThatFind) {
        return stored.values().stream()
                .sorted(SERVED)
                .flatMap(event ->
                        filtersThatFind.apply(event).map(filter -> Map.entry("{" + filter + ",\"limit\":5000}", event)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /// NIP-01: of a replaceable or addressable event only the newest version is kept.
    private static Optional<List<String>> address(JsonNode event) {
        String kind = event.get("kind").asString();
        String author = event.get("pubkey").asString();
        if (kind.equals("0") || kind.equals("3") || isWithin(event, 10_000, 20_000)) {
            return Optional.of(List.of(kind, author));
        }
        return isWithin(event, 30_000, 40_000)
                ? Optional.of(List.of(kind, author, firstValue(event, "d").orElse("")))
                : Optional.empty();
    }

    /// NIP-40.
    private boolean isExpired(JsonNode event) {
        return firstValue(event, "expiration")
                .filter(value -> value.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .filter(expiration -> expiration <= nowSeconds)
                .isPresent();
    }

    private static Optional<String> firstValue(JsonNode event, String name) {
        return event.get("tags")
                .valueStream()
                .filter(tag -> tag.get(0).asString().equals(name))
                .findFirst()
                .map(tag -> tag.size() > 1 ? tag.get(1).asString() : "");
    }

    private static boolean isWithin(JsonNode event, int from, int to) {
        int kind = event.get("kind").asInt();
        return from <= kind && kind < to;
    }

    private static long createdAt(JsonNode event) {
        return event.get("created_at").asLong();
    }

    private static String id(JsonNode event) {
        return event.get("id").asString();
    }
}
