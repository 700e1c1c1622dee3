package dev.rookery.words;

import dev.rookery.filter.SearchText;
import java.util.List;

/// The words that a search of NIP-50 asks for: an event is found if it has all of them.
///
/// NIP-50: "Relays SHOULD perform matching against `content` event field".
public final class SearchTerms {

    static final int MOST_WORDS = 32;

    private SearchTerms() {}

    /// Each once. None where the search has only signs, which are found in no event.
    public static List<String> of(String search) {
        return Words.of(SearchText.of(search)).stream()
                .distinct()
                .limit(MOST_WORDS)
                .toList();
    }
}
