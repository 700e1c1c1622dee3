package dev.rookery.filter;

import static dev.rookery.json.MalformedMessageException.invalid;

import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;

/// Reads filters, strictly. What it refuses is addressed to nobody; whoever knows the subscription re-addresses it.
public final class FilterReader {

    private final FilterBounds bounds;

    public FilterReader(FilterBounds bounds) {
        this.bounds = bounds;
    }

    /// Reads a JSON array of filters, of any size.
    public static List<Filter> readAll(byte[] jsonArray) throws MalformedMessageException {
        JsonCursor cursor = JsonCursor.over(jsonArray, 0, jsonArray.length);
        List<Filter> filters = cursor.open('[', ']') ? new FilterReader(FilterBounds.NONE).readRest(cursor) : List.of();
        cursor.expectEnd();
        return filters;
    }

    /// Takes one filter from the cursor.
    public Filter readOne(JsonCursor cursor) throws MalformedMessageException {
        return new FilterParse(cursor, bounds).read();
    }

    /// Takes the filters from the cursor to the end of the array they are in, at least one.
    public List<Filter> readRest(JsonCursor cursor) throws MalformedMessageException {
        List<Filter> filters = new ArrayList<>(2);
        do {
            if (filters.size() == bounds.filters()) {
                throw invalid("more than " + bounds.filters() + " filters");
            }
            filters.add(readOne(cursor));
        } while (cursor.another(']'));
        return List.copyOf(filters);
    }
}
