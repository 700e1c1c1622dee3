package dev.rookery.words;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WordsTests {

    @Test
    void areWithoutCaseAndSigns() {
        assertThat(Words.of("The Rook's nest, at example.com/a_b — 3.14!"))
                .containsExactly("the", "rook", "s", "nest", "at", "example", "com", "a", "b", "3", "14");
    }

    @Test
    void areWithoutAccentsAndWidth() {
        assertThat(Words.of("Große Straße, Krähennest; café ﬁn ＦＵＬＬ Ёлка"))
                .containsExactly("grosse", "strasse", "krahennest", "cafe", "fin", "full", "елка");
        assertThat(Words.of("cafe\u0301")).isEqualTo(Words.of("caf\u00e9"));
    }

    @Test
    void areCutWhereNoSpacesAre() {
        assertThat(Words.of("我喜欢北京")).containsExactly("我", "喜欢", "北京");
        assertThat(Words.of("東京都に住んでいます")).startsWith("東京", "都", "に", "住");
        assertThat(Words.of("สวัสดีชาวโลก")).containsExactly("สวัสดี", "ชาว", "โลก");
    }

    @Test
    void keepTheMarksThatTellWordsApart() {
        assertThat(Words.of("がか")).isNotEqualTo(Words.of("かか"));
        assertThat(Words.of("हिन्दी")).containsExactly("हिन्दी");
        assertThat(Words.of("مُحَمَّد مـحمد")).containsExactly("محمد", "محمد");
        assertThat(Words.of("שָׁלוֹם")).containsExactly("שלום");
    }

    @Test
    void mayBePictograms() {
        assertThat(Words.of("go 🎉👍🏽 🇩🇪")).containsExactly("go", "🎉", "👍", "🇩🇪");
    }

    @Test
    void areNotInSignsOnly() {
        assertThat(Words.of("!!! -- \" ' % _ * ( : & | \\ \u0000 \u200b \ud800"))
                .isEmpty();
        assertThat(Words.of("a\u0000b")).containsExactly("a", "b");
    }

    /// U+FDFA is eighteen characters, of four words.
    @Test
    void areBoundedInWhatTheyFoldTo() {
        List<String> words = Words.of("\ufdfa ".repeat(20_000));
        assertThat(words).startsWith("صلى", "الله", "عليه", "وسلم");
        assertThat(words.stream().mapToInt(String::length).sum())
                .isBetween(Words.MOST_CHARACTERS / 2, Words.MOST_CHARACTERS);
    }

    @Test
    void areBounded() {
        assertThat(Words.of("x".repeat(50_000))).containsExactly("x".repeat(Words.MOST_BYTES));
        assertThat(Words.of("\ud83c\udf89x".repeat(100)))
                .allSatisfy(word -> assertThat(word.getBytes(UTF_8).length).isLessThanOrEqualTo(Words.MOST_BYTES));
        assertThat(Words.of("word ".repeat(100_000))).hasSizeLessThanOrEqualTo(Words.MOST_CHARACTERS / 5 + 1);
    }

    /// Whatever comes out needs no quoting.
    @Test
    void haveLettersDigitsMarksAndPictogramsOnly() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(60, 0, i % 2 == 0 ? 0x180 : 0x20000)
                    .forEach(c -> text.append(c < 0x10000 ? String.valueOf((char) c) : Character.toString(c)));
            assertThat(Words.of(text.toString())).as("seed %d", seed).allSatisfy(word -> {
                assertThat(word).isNotEmpty().doesNotContainPattern("[\\x00-/:-@\\[-`{-\\x7f\\s\\p{Cntrl}]");
                assertThat(new String(word.getBytes(UTF_8), UTF_8)).isEqualTo(word);
            });
        }
    }
}
