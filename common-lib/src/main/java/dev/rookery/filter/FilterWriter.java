package dev.rookery.filter;

import dev.rookery.event.Bytes32;
import dev.rookery.json.JsonBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes filters as the JSON array that [FilterReader#readAll] reads.
public final class FilterWriter {

    private final JsonBuffer json = new JsonBuffer(256);
    private char separator = '{';

    private FilterWriter() {}

    public static byte[] write(List<Filter> filters) {
        FilterWriter writer = new FilterWriter();
        writer.array(filters, FilterWriter::filter);
        return writer.json.toBytes();
    }

    private void filter(Filter filter) {
        separator = '{';
        list("ids", filter.ids(), FilterWriter::hex);
        list("authors", filter.authors(), FilterWriter::hex);
        list("kinds", filter.kinds(), (writer, kind) -> writer.json.number(kind));
        filter.tags().forEach((name, values) -> list("#" + name, values, (writer, value) -> writer.json.string(value)));
        if (filter.since() != Long.MIN_VALUE) {
            key("since").number(filter.since());
        }
        if (filter.until() != Long.MAX_VALUE) {
            key("until").number(filter.until());
        }
        filter.limit().ifPresent(limit -> key("limit").number(limit));
        filter.search().ifPresent(search -> key("search").string(search));
        json.raw(separator == '{' ? "{}" : "}");
    }

    private void hex(Bytes32 value) {
        json.raw('"').raw(value.toHexBytes()).raw('"');
    }

    private <T> void list(String name, @Nullable List<T> values, BiConsumer<FilterWriter, T> element) {
        if (values != null) {
            key(name);
            array(values, element);
        }
    }

    private <T> void array(List<T> values, BiConsumer<FilterWriter, T> element) {
        char before = '[';
        for (T value : values) {
            json.raw(before);
            element.accept(this, value);
            before = ',';
        }
        json.raw(values.isEmpty() ? "[]" : "]");
    }

    private JsonBuffer key(String name) {
        json.raw(separator).string(name).raw(':');
        separator = ',';
        return json;
    }
}
