package dev.rookery.words;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.ULocale;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The words of a text, cut and spelled in one way for whoever writes them to the index and whoever looks for them.
///
/// ICU finds the borders, with its dictionaries for Chinese, Japanese, Thai and others that write without spaces.
/// Letters are compared without case, width and accents; whatever is no letter, digit or pictogram separates words, so
/// a word has no character that means something to a query language. A word of too many bytes is cut off, in the index
/// as in the search.
public final class Words {

    /// Of UTF-8. PostgreSQL takes lexemes of up to 2 KiB.
    static final int MOST_BYTES = 96;
    /// Of a text, as it comes and as it is compared: one character may fold to eighteen. What is behind has no words.
    static final int MOST_CHARACTERS = 65_536;

    private static final Normalizer2 FOLDING = Normalizer2.getNFKCCasefoldInstance();
    private static final Normalizer2 TAKING_APART = Normalizer2.getNFDInstance();
    private static final Normalizer2 PUTTING_TOGETHER = Normalizer2.getNFCInstance();

    private Words() {}

    /// All words in their order, with doubles.
    public static List<String> of(String text) {
        String folded = folded(beginning(text));
        BreakIterator borders = BreakIterator.getWordInstance(ULocale.ROOT);
        borders.setText(folded);
        List<String> words = new ArrayList<>();
        int from = borders.first();
        for (int to = borders.next(); to != BreakIterator.DONE; to = borders.next()) {
            addParts(folded, from, to, words);
            from = to;
        }
        return words;
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
    }

    private static String folded(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        StringBuilder bare = new StringBuilder(text.length());
        TAKING_APART.normalize(beginning(FOLDING.normalize(text))).codePoints().forEach(c -> {
            if (!isAccent(c)) {
                bare.appendCodePoint(c);
            }
        });
        return PUTTING_TOGETHER.normalize(bare);
    }

    /// The marks without which people search: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and
    /// the stroke that only stretches Arabic words. Those of other scripts tell words apart.
    private static boolean isAccent(int c) {
        return (c >= 0x0300 && c <= 0x036f)
                || (c >= 0x0591 && c <= 0x05c7)
                || (c >= 0x064b && c <= 0x065f)
                || c == 0x0670
                || c == 0x0640;
    }

    /// ICU keeps `example.com` and `l'amour` together; here they are two words each.
    private static void addParts(String text, int from, int to, List<String> words) {
        StringBuilder word = new StringBuilder();
        for (int at = from; at < to; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (isPartOfAWord(c)) {
                word.appendCodePoint(c);
            } else {
                add(word, words);
            }
        }
        add(word, words);
    }

    private static void add(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(cutOff(word.toString()));
            word.setLength(0);
        }
    }

    private static boolean isPartOfAWord(int c) {
        if (Character.isLetterOrDigit(c)) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> true;
            default -> isPictogram(c);
        };
    }

    private static boolean isPictogram(int c) {
        return c > 0x2000
                && (UCharacter.hasBinaryProperty(c, UProperty.EXTENDED_PICTOGRAPHIC)
                        || UCharacter.hasBinaryProperty(c, UProperty.REGIONAL_INDICATOR));
    }

    private static String cutOff(String word) {
        if (word.length() <= MOST_BYTES / 4) {
            return word;
        }
        int at = 0;
        int bytes = 0;
        while (at < word.length()) {
            String c = Character.toString(word.codePointAt(at));
            bytes += c.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_BYTES) {
                return word.substring(0, at);
            }
            at += c.length();
        }
        return word;
    }
}
