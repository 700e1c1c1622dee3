package dev.rookery.filter;

/// The text of a search (NIP-50) without its extensions, which are `key:value` pairs.
///
/// NIP-50: "Relays SHOULD ignore extensions they don't support." None is supported, so none is looked for as text,
/// unless it is quoted; addresses (`https://..`, `nostr:..`) are text.
public final class SearchText {

    private SearchText() {}

    public static String of(String search) {
        StringBuilder text = new StringBuilder();
        String[] parts = search.split("\"", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean quoted = i % 2 == 1;
            for (String token : parts[i].split("\\s+", -1)) {
                if (quoted || !isExtension(token)) {
                    text.append(' ').append(token);
                }
            }
        }
        return text.toString();
    }

    /// Nothing but blanks and extensions: as if there were no search.
    static boolean saysNothing(String search) {
        return of(search).isBlank() && !search.contains("\"");
    }

    private static boolean isExtension(String token) {
        int colon = token.indexOf(':');
        return colon > 0
                && colon < token.length() - 1
                && token.substring(0, colon).chars().allMatch(SearchText::isOfAKey)
                && !token.startsWith("//", colon + 1)
                && !token.startsWith("nostr:");
    }

    private static boolean isOfAKey(int c) {
        return (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    }
}
