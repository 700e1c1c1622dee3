package dev.rookery.query.answer;

import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.words.SearchTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A filter with a search that asks for words.
record Search(Filter filter, List<String> words) {

    /// The filters of a request, with and without a search.
    ///
    /// NIP-50 leaves open what a search without words is. One of nothing but signs finds nothing, and is in neither
    /// list.
    record Split(List<Search> searches, List<Filter> others) {}

    static Split split(List<Filter> filters) {
        List<Search> searches = new ArrayList<>();
        List<Filter> others = new ArrayList<>();
        for (Filter filter : filters) {
            Optional<List<String>> words = filter.search().map(SearchTerms::of);
            if (words.isEmpty()) {
                others.add(filter);
            } else if (!words.get().isEmpty()) {
                searches.add(new Search(filter, words.get()));
            }
        }
        return new Split(searches, others);
    }

    boolean matchesBesides(Event event) {
        return filter.matchesExceptSearch(event);
    }
}
