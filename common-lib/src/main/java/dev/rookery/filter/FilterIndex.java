package dev.rookery.filter;

import dev.rookery.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Which subscriptions an event matches, at a cost that does not grow with the others. Every filter is filed under
/// the values of one field, the one with the fewest values of those that tell most: ids; authors, or tag values;
/// kinds. Only filters that constrain none of these are tried for each event.
///
/// Not thread-safe. What `found` does must not change the index.
///
/// @param <S> what stands for a subscription, with `equals` and `hashCode`
public final class FilterIndex<S> {

    private final Map<S, Subscription<S>> subscriptions = new HashMap<>();
    private final FilterShelves<S> shelves = new FilterShelves<>();
    private long matching;

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
                bucket.get(i).offer(event, matching, found);
            }
        });
    }

    /// The number of subscriptions.
    public int size() {
        return subscriptions.size();
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

    /// One filter in one bucket. It knows its place there, so that leaving costs the same however many there are.
    static final class Entry<S> {

        private final Subscription<S> subscription;
        private final Filter filter;
        private final Bucket<S> bucket;
        private int place;

        private Entry(Subscription<S> subscription, Filter filter, Bucket<S> bucket) {
            this.subscription = subscription;
            this.filter = filter;
            this.bucket = bucket;
        }

        private void offer(Event event, long matching, Consumer<? super S> found) {
            if (subscription.lastFound != matching && filter.matches(event)) {
                subscription.lastFound = matching;
                found.accept(subscription.key);
            }
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

        void add(Subscription<S> subscription, Filter filter) {
            Entry<S> entry = new Entry<>(subscription, filter, this);
            entry.place = entries.size();
            entries.add(entry);
            subscription.entries.add(entry);
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
