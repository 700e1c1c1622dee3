package dev.rookery.json;

import static dev.rookery.json.MalformedMessageException.invalid;

/// Passes over values of which only the grammar matters. An unpaired surrogate is good grammar.
record JsonGrammar(JsonCursor cursor) {

    /// @param depth how many levels of nesting are left
    void skipValue(int depth) throws MalformedMessageException {
        if (depth == 0) {
            throw invalid("nested too deeply");
        }
        switch (cursor.peek()) {
            case '{' -> skipObject(depth);
            case '[' -> skipArray(depth);
            case '"' -> cursor.takeString();
            case 't' -> cursor.takeWord("true");
            case 'f' -> cursor.takeWord("false");
            case 'n' -> cursor.takeWord("null");
            default -> cursor.takeNumber();
        }
    }

    private void skipObject(int depth) throws MalformedMessageException {
        if (cursor.open('{', '}')) {
            do {
                cursor.takeString();
                cursor.take(':');
                skipValue(depth - 1);
            } while (cursor.another('}'));
        }
    }

    private void skipArray(int depth) throws MalformedMessageException {
        if (cursor.open('[', ']')) {
            do {
                skipValue(depth - 1);
            } while (cursor.another(']'));
        }
    }
}
