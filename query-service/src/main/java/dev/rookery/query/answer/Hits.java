package dev.rookery.query.answer;

import dev.rookery.event.Event;
import dev.rookery.query.stored.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all searches of a request have found, best first, each once, and how many each of them still wants.
///
/// NIP-50: results are in "descending order by quality", and "the limit is applied after the sorting".
final class Hits {

    private static final Comparator<Found> BEST_FIRST =
            Comparator.comparingDouble((Found found) -> -found.hit.rank()).thenComparing(found -> found.hit.key());

    private final List<Search> searches;
    private final int[] remaining;
    private final List<Found> found;
    private int at;

    private record Found(Hit hit, List<Integer> searches) {}

    /// @param limits of the searches
    /// @param hits   of each of them
    Hits(List<Search> searches, List<Integer> limits, List<List<Hit>> hits) {
        this.searches = searches;
        this.remaining = limits.stream().mapToInt(Integer::intValue).toArray();
        Map<Long, Found> bySeq = new HashMap<>();
        for (int search = 0; search < hits.size(); search++) {
            for (Hit hit : hits.get(search)) {
                Found known = bySeq.computeIfAbsent(hit.seq(), seq -> new Found(hit, new ArrayList<>()));
                known.searches.add(search);
                if (hit.rank() > known.hit.rank()) {
                    bySeq.put(hit.seq(), new Found(hit, known.searches));
                }
            }
        }
        this.found = bySeq.values().stream().sorted(BEST_FIRST).toList();
    }

    /// The next ones that anybody wants, no more than are wanted.
    List<Hit> next(int most) {
        long wanted = 0;
        for (int one : remaining) {
            wanted += one;
        }
        List<Hit> next = new ArrayList<>();
        for (int i = skipUnwanted(); i < found.size() && next.size() < Math.min(most, wanted); i++) {
            next.add(found.get(i).hit);
        }
        return next;
    }

    boolean isEmpty() {
        return skipUnwanted() == found.size();
    }

    /// Goes past the next hit; whether a search wants its event.
    ///
    /// @param event null when it is gone, or not to be shown
    boolean take(@Nullable Event event) {
        boolean wanted = false;
        for (int search : found.get(at++).searches) {
            if (event != null && remaining[search] > 0 && searches.get(search).matchesBesides(event)) {
                remaining[search]--;
                wanted = true;
            }
        }
        return wanted;
    }

    private int skipUnwanted() {
        while (at < found.size() && found.get(at).searches.stream().noneMatch(search -> remaining[search] > 0)) {
            at++;
        }
        return at;
    }
}
