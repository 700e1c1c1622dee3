package dev.rookery.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SearchTermsTests {

    @Test
    void areTheWordsEachOnce() {
        assertThat(SearchTerms.of("Rooks and rooks")).containsExactly("rooks", "and");
    }

    @Test
    void leaveExtensionsOut() {
        assertThat(SearchTerms.of("rooks include:spam language:en nsfw:false foo:bar"))
                .containsExactly("rooks");
        assertThat(SearchTerms.of("\"language:en\" 10:30")).containsExactly("language", "en", "10", "30");
        assertThat(SearchTerms.of("todo: rooks")).containsExactly("todo", "rooks");
        assertThat(SearchTerms.of("https://nest.example nostr:npub1x"))
                .containsExactly("https", "nest", "example", "nostr", "npub1x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!", "*", "\"", "\"\"", "%", "& | !", "\u0000", "("})
    void haveNoWordWhereThereAreOnlySigns(String search) {
        assertThat(SearchTerms.of(search)).isEmpty();
    }

    @Test
    void areBounded() {
        assertThat(SearchTerms.of("\"% OR 1=1 -- ' * ( AND : x:y " + "a b c d ".repeat(2_000)))
                .contains("or", "1", "and", "x", "y", "d");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            many.append(" w").append(i);
        }
        assertThat(SearchTerms.of(many.toString())).hasSize(SearchTerms.MOST_WORDS);
    }
}
