package dev.rookery.words;

import java.util.List;

/// What a search of NIP-50 asks for: an event that has all of these words.
///
/// NIP-50: "Relays SHOULD perform matching against `content` event field", and extensions are `key:value` pairs, where
/// "Relays SHOULD ignore extensions they don't support". None is supported, so none is looked for as text, unless it
/// is quoted; addresses (`https://..`, `nostr:..`) are text.
///
/// @param saysNothing there is nothing in it but blanks and extensions: as if there were no search
/// @param words       each once; none where it has only signs, which are found in no event
public record SearchTerms(boolean saysNothing, List<String> words) {

    static final int MOST_WORDS = 32;

    public SearchTerms {
        words = List.copyOf(words);
    }

    public static SearchTerms of(String search) {
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
        boolean saysNothing = text.toString().isBlank() && !search.contains("\"");
        return new SearchTerms(
                saysNothing,
                Words.of(text.toString()).stream().distinct().limit(MOST_WORDS).toList());
    }

    private static boolean isExtension(String token) {
        int colon = token.indexOf(':');
        return colon > 0
                && colon < token.length() - 1
                && token.substring(0, colon).chars().allMatch(SearchTerms::isOfAKey)
                && !token.startsWith("//", colon + 1)
                && !token.startsWith("nostr:");
    }

    private static boolean isOfAKey(int c) {
        return (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    }
}
