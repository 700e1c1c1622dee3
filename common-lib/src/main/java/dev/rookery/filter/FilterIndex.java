package dev.rookery.filter;

import dev.rookery.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Which subscriptions an event matches, at a cost that does not grow with the others. Every filter is filed under
/// the values of one field, the one with the fewest values of those that tell most: ids; authors, or tag values;
/// kinds. Only filters that constrain none of these are tried for each event; none is tried twice for one.
///
/// Not thread-safe. What `found` does must not change the index.
///
/// @param <S> what stands for a subscription, with `equals` and `hashCode`
public final class FilterIndex<S> {

    private final Map<S, Subscription<S>> subscriptions = new HashMap<>();
    private final FilterShelves<S> shelves = new FilterShelves<>();
    private long matching;
    private long tried;

    /// Adds a subscription, in place of what it had before.
    public void add(S key, List<Filter> filters) {
        remove(key);
        Subscription<S> subscription = new Subscription<>(key);
        subscriptions.put(key, subscription);
        for (Filter filter : filters) {
            if (!filter.canMatchNothing() && filter.search().isEmpty()) {
                shelves.file(subscription, filter);
            }
        }
    }

    /// Removes a subscription, if it is there.
    public void remove(S key) {
        Subscription<S> subscription = subscriptions.remove(key);
        if (subscription != null) {
            subscription.entries.forEach(Entry::remove);
        }
    }

    /// Names every subscription that has a matching filter once, in no particular order.
    public void match(Event event, Consumer<? super S> found) {
        matching++;
        shelves.candidates(event, bucket -> {
            for (int i = 0; i < bucket.size(); i++) {
                offer(bucket.get(i).filed, event, found);
            }
        });
    }

    private void offer(Filed<S> filed, Event event, Consumer<? super S> found) {
        if (filed.lastTried != matching && filed.subscription.lastFound != matching) {
            filed.lastTried = matching;
            tried++;
            if (filed.filter.matches(event)) {
                filed.subscription.lastFound = matching;
                found.accept(filed.subscription.key);
            }
        }
    }

    /// How often a filter has been tried on an event.
    long tried() {
        return tried;
    }

    /// The number of subscriptions.
    public int size() {
        return subscriptions.size();
    }

    /// The number of places where filters are filed.
    int entries() {
        return subscriptions.values().stream()
                .mapToInt(subscription -> subscription.entries.size())
                .sum();
    }

    /// The number of values under which filters are filed.
    int buckets() {
        return shelves.buckets();
    }

    /// One key and where its filters are filed.
    static final class Subscription<S> {

        private final S key;
        private final List<Entry<S>> entries = new ArrayList<>();
        private long lastFound;

        Subscription(S key) {
            this.key = key;
        }
    }

    /// One filter, however many buckets it is in.
    static final class Filed<S> {

        private final Subscription<S> subscription;
        private final Filter filter;
        private long lastTried;

        Filed(Subscription<S> subscription, Filter filter) {
            this.subscription = subscription;
            this.filter = filter;
        }
    }

    /// One filter in one bucket. It knows its place there, so that leaving costs the same however many there are.
    static final class Entry<S> {

        private final Filed<S> filed;
        private final Bucket<S> bucket;
        private int place;

        private Entry(Filed<S> filed, Bucket<S> bucket) {
            this.filed = filed;
            this.bucket = bucket;
        }

        private void remove() {
            bucket.remove(this);
        }
    }

    /// The filters filed under one value.
    static final class Bucket<S> {

        private final List<Entry<S>> entries = new ArrayList<>(1);
        private final Runnable whenEmpty;

        Bucket(Runnable whenEmpty) {
            this.whenEmpty = whenEmpty;
        }

        void add(Filed<S> filed) {
            Entry<S> entry = new Entry<>(filed, this);
            entry.place = entries.size();
            entries.add(entry);
            filed.subscription.entries.add(entry);
        }

        private void remove(Entry<S> entry) {
            Entry<S> last = entries.removeLast();
            if (last != entry) {
                entries.set(entry.place, last);
                last.place = entry.place;
            }
            if (entries.isEmpty()) {
                whenEmpty.run();
            }
        }

        int size() {
            return entries.size();
        }

        private Entry<S> get(int place) {
            return entries.get(place);
        }
    }
}
