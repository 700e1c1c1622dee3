package dev.rookery.gateway.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What one subscription was told, held against what it had to be told.
final class Transcript {

    private final String name;
    private final List<Filter> filters;
    private List<String> promised;
    private final List<String> received = new ArrayList<>();
    private boolean hasStored;

    /// @param promised what had been stored when it was opened, as far as anyone had been told
    Transcript(String name, List<Filter> filters, List<Event> promised) {
        this.name = name;
        this.filters = filters;
        this.promised = matching(promised);
    }

    void event(String id) {
        assertThat(received).as(name).doesNotContain(id);
        received.add(id);
    }

    /// The database has gone back, perhaps behind what was promised.
    void promiseNothing() {
        promised = List.of();
    }

    void eose() {
        assertThat(received).as("%s at EOSE", name).containsAll(promised);
        hasStored = true;
    }

    /// It has ended: up to there, nothing may be missing that comes before something it was told.
    ///
    /// @param epochs each a way in which the events may have been decided
    void ended(String reason, Supplier<List<List<Event>>> epochs) {
        assertThat(reason).as(name).startsWith("error: ");
        if (hasStored) {
            assertThat(epochs.get().stream().map(this::matching).anyMatch(this::isBeginning))
                    .as("%s ended without a gap before, %s of %s", name, received, epochs)
                    .isTrue();
        }
    }

    private boolean isBeginning(List<String> decided) {
        return received.size() <= decided.size()
                && Set.copyOf(received).equals(Set.copyOf(decided.subList(0, received.size())));
    }

    /// It is open to the end.
    void complete(List<Event> events) {
        assertThat(received).as(name).containsExactlyInAnyOrderElementsOf(matching(events));
    }

    private List<String> matching(List<Event> events) {
        return events.stream()
                .filter(event -> filters.stream().anyMatch(filter -> filter.matches(event)))
                .map(event -> event.id().toString())
                .toList();
    }
}
