package dev.rookery.filter;

/// How much one REQ may ask for.
///
/// @param filters   filters in one message
/// @param keys      ids, authors or kinds in one filter, each
/// @param tagValues values for one tag name in one filter
public record FilterBounds(int filters, int keys, int tagValues) {

    /// For filters that have passed bounds before, or come from within.
    public static final FilterBounds NONE = new FilterBounds(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    public static final FilterBounds DEFAULT = new FilterBounds(20, 5_000, 2_500);
}
