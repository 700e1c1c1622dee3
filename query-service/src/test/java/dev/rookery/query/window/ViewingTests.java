package dev.rookery.query.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.filter.Visibility;
import dev.rookery.signature.SchnorrSigner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ViewingTests {

    private static final long NOW = 1_700_000_000;
    private static final List<SchnorrSigner> PEOPLE =
            IntStream.rangeClosed(1, 5).mapToObj(ViewingTests::signer).toList();
    private static final List<Bytes32> KEYS = PEOPLE.stream()
            .map(person -> Event.of(person, NOW, 1, List.of(), "").pubkey())
            .toList();

    private final Visibility visibility = new Visibility(Set.of(4, 1059));

    /// Visibility reads the event; what leaves that out for speed has to come to the same.
    @RepeatedTest(100)
    void showsWhatVisibilityShows(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Event event = event(random);
        Set<Bytes32> viewers = new HashSet<>();
        for (Bytes32 key : KEYS) {
            if (random.nextInt(3) == 0) {
                viewers.add(key);
            }
        }
        assertThat(new Viewing(visibility, viewers, NOW).test(new HotEvent(event)))
                .as("seed %d, %s to %s", seed, event, viewers)
                .isEqualTo(visibility.shows(event, viewers));
    }

    @Test
    void doesNotShowWhatHasExpired() {
        Viewing viewing = new Viewing(visibility, Set.of(), NOW);
        assertThat(viewing.test(new HotEvent(expiring(NOW + 1)))).isTrue();
        assertThat(viewing.test(new HotEvent(expiring(NOW)))).isFalse();
    }

    private static Event expiring(long atSeconds) {
        return Event.of(PEOPLE.getFirst(), NOW - 10, 1, List.of(Tag.of("expiration", Long.toString(atSeconds))), "");
    }

    private static Event event(Random random) {
        int kind = List.of(1, 4, 1059).get(random.nextInt(3));
        List<Tag> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String key = KEYS.get(random.nextInt(KEYS.size())).toString();
            tags.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Tag.of("P", key);
                        case 1 -> Tag.of("p", key.toUpperCase(Locale.ROOT));
                        case 2 -> Tag.of("e", key);
                        case 3 -> Tag.of("p");
                        default -> Tag.of("p", key, "wss://relay.example");
                    });
        }
        return Event.of(PEOPLE.get(random.nextInt(PEOPLE.size())), NOW, kind, tags, "");
    }

    private static SchnorrSigner signer(int number) {
        byte[] secret = new byte[32];
        secret[31] = (byte) number;
        return new SchnorrSigner(secret);
    }
}
