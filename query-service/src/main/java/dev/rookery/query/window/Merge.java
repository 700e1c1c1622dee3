package dev.rookery.query.window;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Goes through several shelves together, in the order of answers, and meets each event once.
final class Merge {

    private final PriorityQueue<Cursor> cursors;
    private @Nullable Cursor only;
    private @Nullable HotEvent last;

    /// @param until nothing newer, in Unix seconds
    Merge(List<Postings> shelves, long until) {
        cursors = new PriorityQueue<>(Math.max(1, shelves.size()), Comparator.comparing(Cursor::event, HotEvent.ORDER));
        for (Postings shelf : shelves) {
            Cursor cursor = new Cursor(shelf, shelf.countUpTo(until));
            if (cursor.advance()) {
                cursors.add(cursor);
            }
        }
        if (cursors.size() == 1) {
            only = cursors.poll();
        }
    }

    /// Null after the last one.
    @Nullable
    HotEvent next() {
        HotEvent next = only == null ? ofSeveral() : ofOne(only);
        while (next != null && next == last) {
            next = ofSeveral();
        }
        last = next;
        return next;
    }

    private @Nullable HotEvent ofOne(Cursor cursor) {
        HotEvent event = cursor.event;
        if (event != null) {
            cursor.advance();
        }
        return event;
    }

    private @Nullable HotEvent ofSeveral() {
        Cursor first = cursors.poll();
        if (first == null) {
            return null;
        }
        HotEvent event = first.event;
        if (first.advance()) {
            cursors.add(first);
        }
        return event;
    }

    private static final class Cursor {

        private final Postings shelf;
        private int left;
        private @Nullable HotEvent event;

        Cursor(Postings shelf, int left) {
            this.shelf = shelf;
            this.left = left;
        }

        HotEvent event() {
            if (event == null) {
                throw new IllegalStateException("beyond the last event");
            }
            return event;
        }

        /// False when there is none left.
        boolean advance() {
            event = left > 0 ? shelf.get(--left) : null;
            return event != null;
        }
    }
}
