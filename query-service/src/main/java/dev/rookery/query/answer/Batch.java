package dev.rookery.query.answer;

import dev.rookery.query.plan.Key;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The next keys of all filters together, in order, each once, with the filters that it is for.
///
/// Keys are taken on the assumption that their events match. Where one does not, its filter may want another, older
/// key: so what was taken beyond the filter's last key is given back, and comes again in its place.
final class Batch {

    private final List<Pick> picks = new ArrayList<>();

    /// @param row if it came with the key; empty when the event is gone
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
    record Pick(Key key, List<FilterRun> takers, byte @Nullable [] row) {}

    /// Takes up to `most` keys, fewer where a filter would have to be read on first.
    static Batch of(List<FilterRun> runs, int most) {
        Batch batch = new Batch();
        while (batch.picks.size() < most && runs.stream().noneMatch(FilterRun::lacks)) {
            Key next = earliest(runs);
            if (next == null) {
                break;
            }
            List<FilterRun> takers =
                    runs.stream().filter(run -> next.equals(run.head())).toList();
            takers.forEach(FilterRun::take);
            batch.picks.add(new Pick(next, takers, row(takers, next)));
        }
        return batch;
    }

    boolean isEmpty() {
        return picks.isEmpty();
    }

    List<Key> keys() {
        return picks.stream().map(Pick::key).toList();
    }

    Pick pick(int place) {
        return picks.get(place);
    }

    /// How many keys from the first on have come with their rows, as far as the bytes reach.
    int known(long bytes) {
        int place = 0;
        long size = 0;
        while (place < picks.size()) {
            byte[] row = picks.get(place).row();
            size += row == null ? 0 : row.length;
            if (row == null || (place > 0 && size > bytes)) {
                break;
            }
            place++;
        }
        return place;
    }

    int size() {
        return picks.size();
    }

    /// The event of one of its keys is not what the filter wants. If it counted on it to be complete, it now has to be
    /// read on from its last key.
    void missed(FilterRun run) {
        if (run.isComplete()) {
            putBackFrom(lastOf(run) + 1);
        }
        run.miss();
    }

    private int lastOf(FilterRun run) {
        int place = picks.size() - 1;
        while (place >= 0 && !picks.get(place).takers().contains(run)) {
            place--;
        }
        return place;
    }

    /// Gives the keys from a place on back to their filters.
    void putBackFrom(int place) {
        for (int i = picks.size() - 1; i >= place; i--) {
            Pick pick = picks.remove(i);
            pick.takers().forEach(run -> run.putBack(pick.key(), pick.row()));
        }
    }

    private static byte @Nullable [] row(List<FilterRun> takers, Key key) {
        byte[] row = null;
        for (FilterRun run : takers) {
            byte[] known = run.takeRow(key);
            row = known == null ? row : known;
        }
        return row;
    }

    private static @Nullable Key earliest(List<FilterRun> runs) {
        Key earliest = null;
        for (FilterRun run : runs) {
            Key head = run.head();
            if (head != null && (earliest == null || head.isBefore(earliest))) {
                earliest = head;
            }
        }
        return earliest;
    }
}
