package dev.rookery.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One tag: its name, mostly a value, and whatever else.
///
/// NIP-01: "each tag is an array of one or more strings".
public record Tag(List<String> elements) {

    public Tag {
        elements = List.copyOf(elements);
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("a tag without a name");
        }
    }

    public static Tag of(String... elements) {
        return new Tag(List.of(elements));
    }

    public String name() {
        return elements.getFirst();
    }

    /// The second element, the only one filters look at; null if there is none.
    public @Nullable String value() {
        return elements.size() > 1 ? elements.get(1) : null;
    }

    /// Whether filters can ask for it. NIP-01: "only the first value in any given tag is indexed", for names of one
    /// letter.
    public boolean isIndexed() {
        return elements.size() > 1 && name().length() == 1 && isLetter(name().charAt(0));
    }

    /// a to z or A to Z.
    public static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
