package dev.rookery.query.window;

import java.util.Arrays;

/// Events in their order, those that come first in answers last, so that a new one is mostly added at the end. For one
/// thread.
final class Postings {

    private HotEvent[] events = new HotEvent[1];
    private int from;
    private int to;

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /// The oldest first.
    HotEvent get(int place) {
        return events[from + place];
    }

    /// How many are no newer than this second.
    int countUpTo(long second) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events[middle].createdAt() <= second) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - from;
    }

    void add(HotEvent event) {
        makeRoom();
        int place = to == from || event.isBefore(events[to - 1]) ? to : placeOf(event);
        System.arraycopy(events, place, events, place + 1, to - place);
        events[place] = event;
        to++;
    }

    /// As `add` for each of them, but in one go.
    void addAll(Postings others) {
        HotEvent[] merged = new HotEvent[size() + others.size() + 1];
        int own = from;
        int other = others.from;
        int place = 0;
        while (own < to || other < others.to) {
            boolean ownFirst = other == others.to || (own < to && others.events[other].isBefore(events[own]));
            merged[place++] = ownFirst ? events[own++] : others.events[other++];
        }
        events = merged;
        from = 0;
        to = place;
    }

    /// @param event that has been added
    void remove(HotEvent event) {
        int place = placeOf(event);
        if (place == from) {
            events[from++] = null;
        } else {
            System.arraycopy(events, place + 1, events, place, to - place - 1);
            events[--to] = null;
        }
    }

    /// The first place whose event comes no later in answers.
    private int placeOf(HotEvent event) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (event.isBefore(events[middle])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void makeRoom() {
        if (to < events.length) {
            return;
        }
        int size = size();
        if (from > events.length / 2) {
            // Half of it was left behind, as at the old end of the window.
            System.arraycopy(events, from, events, 0, size);
            Arrays.fill(events, size, to, null);
        } else {
            events = Arrays.copyOfRange(events, from, from + Math.max(2, size + size / 2 + 1));
        }
        from = 0;
        to = size;
    }
}
