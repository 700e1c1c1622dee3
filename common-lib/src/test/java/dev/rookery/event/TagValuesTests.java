package dev.rookery.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.RandomAccess;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TagValuesTests {

    /// A filter's values, which count how often they are looked at.
    private static final class Counted extends AbstractList<String> implements RandomAccess {

        private final List<String> values;
        private int looks;

        Counted(List<String> values) {
            this.values = values;
        }

        @Override
        public String get(int index) {
            looks++;
            return values.get(index);
        }

        @Override
        public int size() {
            return values.size();
        }
    }

    @Test
    void aFilterWithOneValueLooksOnceHoweverManyTagsThereAre() {
        TagValues own = new TagValues(tags("e", 2_000));
        Counted values = new Counted(List.of("none of them"));
        assertThat(own.hasAny("e", values)).isFalse();
        assertThat(own.hasAny("p", values)).isFalse();
        assertThat(values.looks).isLessThanOrEqualTo(2);
    }

    @Test
    void anEventWithFewTagsLooksForThoseAloneHoweverManyValuesAreWanted() {
        TagValues own = new TagValues(tags("e", 20));
        Counted values = new Counted(
                IntStream.range(0, 2_000).mapToObj(i -> "x%06d".formatted(i)).toList());
        assertThat(own.hasAny("e", values)).isFalse();
        assertThat(values.looks).as("a binary search each").isLessThanOrEqualTo(20 * 12);
    }

    @Test
    void manyTagsOfOneValueAreGivenOutOnce() {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tags.add(Tag.of("t", "x"));
            tags.add(Tag.of("title", "y"));
            tags.add(Tag.of("e"));
        }
        List<String> given = new ArrayList<>();
        new TagValues(tags).forEach((name, value) -> given.add(name + value));
        assertThat(given).containsExactly("tx");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatLookingAtEachTagFinds(long seed) {
        Random random = new Random(seed);
        int found = 0;
        for (int round = 0; round < 5_000; round++) {
            List<Tag> tags = IntStream.range(0, random.nextInt(40))
                    .mapToObj(i -> tag(random))
                    .toList();
            String name = name(random);
            List<String> wanted = List.copyOf(new TreeSet<>(IntStream.range(0, random.nextInt(12))
                    .mapToObj(i -> value(random))
                    .toList()));
            boolean expected = tags.stream()
                    .anyMatch(tag -> tag.name().equals(name) && wanted.contains(String.valueOf(tag.value())));
            assertThat(new TagValues(tags).hasAny(name, wanted))
                    .as("seed %d, %s of %s in %s", seed, name, wanted, tags)
                    .isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).as("otherwise nothing was tried").isBetween(500, 4_500);
    }

    private static Tag tag(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Tag.of(name(random));
            case 1 -> Tag.of("title", value(random));
            case 2 -> Tag.of(name(random), value(random), value(random));
            default -> Tag.of(name(random), value(random));
        };
    }

    private static String name(Random random) {
        return List.of("e", "E", "p").get(random.nextInt(3));
    }

    private static String value(Random random) {
        return Integer.toString(random.nextInt(80));
    }

    private static List<Tag> tags(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Tag.of(name, "%064x".formatted(i)))
                .toList();
    }
}
