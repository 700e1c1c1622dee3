package dev.rookery.event;

import dev.rookery.json.JsonCursor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The seven fields of an event.
enum Field {
    ID,
    PUBKEY,
    CREATED_AT,
    KIND,
    TAGS,
    CONTENT,
    SIG;

    private static final List<Field> FIELDS = List.of(values());

    final String label = name().toLowerCase(Locale.ROOT);

    /// The field whose name is the string the cursor has just taken; null if it is another word.
    static @Nullable Field named(JsonCursor cursor) {
        for (Field field : FIELDS) {
            if (cursor.stringEquals(field.label)) {
                return field;
            }
        }
        return null;
    }
}
