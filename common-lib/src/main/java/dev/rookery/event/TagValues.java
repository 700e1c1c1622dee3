package dev.rookery.event;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What filters can ask of an event's tags: by name of one letter, the first values. Immutable.
///
/// An event is tried against many filters, and either side may be large: beyond a few tags there is a table, so that
/// one name of one filter costs no more than the smaller side.
public final class TagValues {

    /// Up to so many tags are looked through one by one, which costs less than to make a table of them.
    private static final int FEW = 16;

    private final List<Tag> tags;
    private final @Nullable Map<String, Set<String>> byName;

    TagValues(List<Tag> tags) {
        this.tags = tags;
        this.byName = tags.size() > FEW ? table(tags) : null;
    }

    private static Map<String, Set<String>> table(List<Tag> tags) {
        Map<String, Set<String>> byName = new HashMap<>();
        for (Tag tag : tags) {
            if (tag.isIndexed()) {
                byName.computeIfAbsent(tag.name(), name -> new HashSet<>())
                        .add(tag.elements().get(1));
            }
        }
        return byName;
    }

    /// Whether a tag of that name has one of the values.
    ///
    /// @param values sorted
    public boolean hasAny(String name, List<String> values) {
        Map<String, Set<String>> table = byName;
        if (table == null) {
            return isAmongFew(name, values);
        }
        Set<String> own = table.getOrDefault(name, Set.of());
        return values.size() <= own.size() ? isAny(values, own) : isAny(own, values);
    }

    private boolean isAmongFew(String name, List<String> values) {
        for (Tag tag : tags) {
            String value = tag.value();
            if (value != null && tag.name().equals(name) && Collections.binarySearch(values, value) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(List<String> fewer, Set<String> own) {
        for (String value : fewer) {
            if (own.contains(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(Set<String> fewer, List<String> sorted) {
        for (String value : fewer) {
            if (Collections.binarySearch(sorted, value) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// Gives out name and value of every tag that filters can ask for; of few tags the same may come twice.
    public void forEach(BiConsumer<String, String> action) {
        Map<String, Set<String>> table = byName;
        if (table != null) {
            table.forEach((name, values) -> values.forEach(value -> action.accept(name, value)));
            return;
        }
        for (Tag tag : tags) {
            if (tag.isIndexed()) {
                action.accept(tag.name(), tag.elements().get(1));
            }
        }
    }
}
