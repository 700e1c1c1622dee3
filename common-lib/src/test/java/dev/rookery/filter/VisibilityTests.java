package dev.rookery.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.Tag;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.signature.SchnorrSigner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VisibilityTests {

    private static final Set<Integer> PRIVATE = Set.of(4, 1059);
    private static final List<SchnorrSigner> AUTHORS =
            IntStream.rangeClosed(1, 3).mapToObj(VisibilityTests::signer).toList();
    private static final List<Bytes32> KEYS = keys();

    private final Visibility visibility = new Visibility(PRIVATE);

    /// The rule as it is written down, with nothing left out for speed: each tag is looked at as it was given, and text
    /// compared with text.
    @RepeatedTest(300)
    void showsWhatAPlainReadingOfTheRuleShows(RepetitionInfo repetition) throws MalformedMessageException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        int kind = List.of(1, 4, 1059).get(random.nextInt(3));
        int author = random.nextInt(AUTHORS.size());
        List<Tag> tags = tags(random);
        Event event = Event.of(AUTHORS.get(author), 1_700_000_000, kind, tags, "");
        Event read = EventReader.readTrusted(event.json());
        for (int viewing = 0; viewing < 4; viewing++) {
            Set<Bytes32> viewers = viewers(random);
            boolean expected = !PRIVATE.contains(kind)
                    || viewers.contains(KEYS.get(author))
                    || tags.stream().anyMatch(tag -> isFor(tag, viewers));
            assertThat(visibility.shows(read, viewers))
                    .as("seed %d, %s to %s", seed, event, viewers)
                    .isEqualTo(expected);
        }
    }

    @Test
    void readsARecipientHoweverItIsSpelledOnTheWire() throws MalformedMessageException {
        Bytes32 viewer = KEYS.getLast();
        String json = Event.of(AUTHORS.getFirst(), 1, 1059, List.of(Tag.of("p", viewer.toString())), "")
                .toString()
                .replace("[\"p\",\"" + viewer, "[ \"\\u0070\" , \"\\u00" + hexOfFirstDigit(viewer));
        assertThat(json).contains("u0070");
        assertThat(visibility.shows(EventReader.read(json.getBytes(UTF_8)), Set.of(viewer)))
                .isTrue();
    }

    private static String hexOfFirstDigit(Bytes32 key) {
        String digits = key.toString();
        return Integer.toHexString(digits.charAt(0)) + digits.substring(1);
    }

    private static boolean isFor(Tag tag, Set<Bytes32> viewers) {
        Set<String> names = viewers.stream().map(Bytes32::toString).collect(Collectors.toSet());
        return tag.elements().size() > 1
                && tag.elements().get(0).equals("p")
                && names.contains(tag.elements().get(1));
    }

    /// None, few, or thousands.
    private static List<Tag> tags(Random random) {
        int most = List.of(1, 4, 40, 2_000).get(random.nextInt(4));
        int sought = random.nextInt(20);
        List<Tag> tags = new ArrayList<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            boolean known = random.nextInt(1 + most / 4) == 0;
            tags.add(tag(random, known ? KEYS.get(sought) : anyKey(random)));
        }
        return tags;
    }

    private static Tag tag(Random random, Bytes32 key) {
        String hex = key.toString();
        return switch (random.nextInt(12)) {
            case 0 -> Tag.of("P", hex);
            case 1 -> Tag.of("p", hex.toUpperCase(Locale.ROOT));
            case 2 -> Tag.of("e", hex);
            case 3 -> Tag.of("p");
            case 4 -> Tag.of("pp", hex);
            case 5 -> Tag.of("p", "", hex);
            case 6 -> Tag.of("p", hex + "0");
            case 7 -> Tag.of("", hex);
            case 8 -> Tag.of("p", "\u00e9\"" + hex.substring(2));
            case 9 -> Tag.of("\"p", "p", hex);
            default -> Tag.of("p", hex, "wss://relay.example");
        };
    }

    private static Set<Bytes32> viewers(Random random) {
        Set<Bytes32> viewers = new HashSet<>();
        for (int i = random.nextInt(List.of(1, 3, 100).get(random.nextInt(3))); i > 0; i--) {
            viewers.add(random.nextBoolean() ? KEYS.get(random.nextInt(KEYS.size())) : anyKey(random));
        }
        return viewers;
    }

    private static Bytes32 anyKey(Random random) {
        return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /// Those of the authors, and of others.
    private static List<Bytes32> keys() {
        List<Bytes32> keys = new ArrayList<>();
        for (SchnorrSigner author : AUTHORS) {
            keys.add(Event.of(author, 1, 1, List.of(), "").pubkey());
        }
        Random random = new Random(0);
        while (keys.size() < 20) {
            keys.add(anyKey(random));
        }
        return List.copyOf(keys);
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
