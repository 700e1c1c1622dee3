package dev.rookery.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.signature.SchnorrSigner;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventWordsTests {

    private static final SchnorrSigner SIGNER = new SchnorrSigner(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
            });

    @Test
    void areThoseOfContentAndTitlesWithTheirPlaces() {
        EventWords words =
                words(30_023, "Black and black", Tag.of("title", "Rooks"), Tag.of("t", "tagged"), Tag.of("title"));

        assertThat(words.vector()).isEqualTo("'rooks':1A 'black':18D,20D 'and':19D");
        assertThat(words.hasAll(List.of("rooks", "and"))).isTrue();
        assertThat(words.hasAll(List.of("rooks", "tagged"))).isFalse();
    }

    @Test
    void areThoseOfAProfilesFieldsForPeople() {
        String profile =
                "{\"name\":\"alice\",\"about\":\"I \\u2764 rooks\",\"picture\":\"https://img\",\"n\":{\"name\":\"x\"},"
                        + "\"display_name\":5,\"nip05\":\"al@nest.example\"}";

        assertThat(words(0, profile).vector())
                .isEqualTo("'alice':1A 'i':18D '❤':19D 'rooks':20D 'al':37B 'nest':38B 'example':39B");
        assertThat(words(0, "no JSON").isEmpty()).isTrue();
        assertThat(words(0, "{\"name\":\"alice\",").vector()).isEqualTo("'alice':1A");
        assertThat(words(0, "[\"name\"]").isEmpty()).isTrue();
    }

    @Test
    void areThoseOfNoMoreTextInAllThanOfOne() {
        String half = "x ".repeat(Words.MOST_CHARACTERS / 4);
        EventWords words = words(
                1, "content", Tag.of("title", half + "first"), Tag.of("alt", half + "second"), Tag.of("alt", "third"));
        assertThat(words.hasAll(List.of("x", "first"))).isTrue();
        for (String behind : List.of("second", "third", "content")) {
            assertThat(words.hasAll(List.of(behind))).as(behind).isFalse();
        }
    }

    @Test
    void areBounded() {
        String many = IntStream.range(0, 9_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertThat(words(1, many).vector().split(" ")).hasSize(EventWords.MOST_WORDS);

        String often = "x ".repeat(30_000);
        assertThat(words(1, often).vector().split(",")).hasSize(16);

        Tag[] titles = new Tag[2_000];
        java.util.Arrays.fill(titles, Tag.of("title", "a b c d e f g h i j"));
        assertThat(words(1, "last", titles).vector()).endsWith("'last':16383D");
    }

    private static EventWords words(int kind, String content, Tag... tags) {
        return EventWords.of(Event.of(SIGNER, 1_700_000_000, kind, List.of(tags), content));
    }
}
