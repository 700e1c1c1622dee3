package dev.rookery.query.stored;

import dev.rookery.filter.Filter;
import dev.rookery.query.plan.Key;
import java.util.List;

/// What is looked for in the index of words, and beside it.
///
/// @param filter that all have to meet as well
/// @param upTo   no number beyond is looked for in the index
/// @param most   so many from the index, the newest
/// @param fresh  events that are not in the index yet, have all words and meet the filter
public record Wanted(List<String> words, Filter filter, long upTo, int most, List<Fresh> fresh) {

    /// @param vector its words, as PostgreSQL reads them
    public record Fresh(long seq, Key key, String vector) {}
}
