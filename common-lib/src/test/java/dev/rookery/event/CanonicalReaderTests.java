package dev.rookery.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.json.MalformedMessageException;
import dev.rookery.scenario.RealEvents;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CanonicalReaderTests {

    private static final String CANONICAL = "{\"id\":\"" + "a".repeat(64) + "\",\"pubkey\":\"" + "b".repeat(64)
            + "\",\"created_at\":1750000000,\"kind\":1,\"tags\":[[\"e\",\"x\"],[\"t\"]],\"content\":\"text\",\"sig\":\""
            + "0".repeat(128) + "\"}";

    private final List<byte[]> events = RealEvents.json();

    @Test
    void readsEveryRealEventAsTheStrictReaderDoesAndCopiesNothing() throws MalformedMessageException {
        for (byte[] json : events) {
            Event event = CanonicalReader.read(json);

            assertThat(event).isNotNull();
            assertThat(event.json()).isSameAs(json);
            assertThat(event.hasValidId()).isTrue();
            assertAlike(event, EventReader.read(json));
            assertThat(event.content()).isEqualTo(EventReader.read(json).content());
            assertThat(event.signature()).isEqualTo(EventReader.read(json).signature());
        }
    }

    /// Whatever it is given, it takes nothing for something else than it says, where it says something at all.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithTheStrictReaderOnDamagedEvents(long seed) {
        Random random = new Random(seed);
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = events.get(random.nextInt(events.size())).clone();
            int most = Math.min(damaged.length, 400);
            damaged[random.nextInt(most)] = (byte) "\"[]{},:\\0a ".charAt(random.nextInt(11));
            Event event = CanonicalReader.read(damaged);
            Event strict = strictly(damaged);
            if (event != null && strict != null) {
                taken++;
                assertAlike(event, strict);
                assertThat(event.content()).as("seed %d", seed).isEqualTo(strict.content());
            }
        }
        assertThat(taken).as("seed %d", seed).isPositive();
    }

    @Test
    void leavesWhatIsNotCanonicalToTheStrictReader() throws MalformedMessageException {
        String canonical = new String(events.getFirst(), UTF_8);
        for (String spaced : List.of(canonical.replaceFirst("\\{", "{ "), canonical + " ", " " + canonical)) {
            byte[] json = spaced.getBytes(UTF_8);
            assertThat(CanonicalReader.read(json)).as(spaced).isNull();
            assertThat(EventReader.readTrusted(json).json()).isEqualTo(events.getFirst());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"kind\":1,` | `\"kind\":01,`",
                "`\"kind\":1,` | `\"kind\":65536,`",
                "`\"kind\":1,` | `\"kind\":,`",
                "`\"created_at\":1750000000,` | `\"created_at\":-1,`",
                "`\"created_at\":1750000000,` | `\"created_at\":9007199254740992,`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\",7],[\"t\"]]`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\"\"x\"],[\"t\"]]`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\",\"x\"],[]]`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\",\"x\"][\"t\"]]`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\",\"x\"],[\"t\"]`",
                "`[[\"e\",\"x\"],[\"t\"]]` | `[[\"e\",x\"],[\"t\"]]`",
                "`,\"content\":` | `,\"kontent\":`",
                "`\"content\":\"text\"` | `\"content\":7`",
                "`\"content\":\"text\"` | `\"content\":text\"`",
                "`\"content\":\"text\"` | `\"content\":\"`",
                "`,\"sig\":\"` | `,\"sig\":\"0`",
                "`\"id\":\"a` | `\"id\":\"A`",
                "`\"pubkey\":\"b` | `\"pubkey\":\"g`",
                "`0\"}` | `0\"]`"
            })
    void takesNothingElseForTheCanonicalForm(String part, String instead) {
        assertThat(CanonicalReader.read(CANONICAL.getBytes(UTF_8))).isNotNull();
        String other = CANONICAL.replace(part, instead);
        assertThat(other).isNotEqualTo(CANONICAL);
        assertThat(CanonicalReader.read(other.getBytes(UTF_8))).isNull();
    }

    /// A string without an end must not be looked for behind the array.
    @Test
    void readsNothingOfWhatIsCutShort() {
        byte[] whole = CANONICAL.getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(CanonicalReader.read(Arrays.copyOf(whole, length))).isNull();
        }
    }

    private static void assertAlike(Event event, Event strict) {
        assertThat(event.id()).isEqualTo(strict.id());
        assertThat(event.pubkey()).isEqualTo(strict.pubkey());
        assertThat(event.createdAt()).isEqualTo(strict.createdAt());
        assertThat(event.kind()).isEqualTo(strict.kind());
        assertThat(event.tags()).isEqualTo(strict.tags());
    }

    private static @Nullable Event strictly(byte[] json) {
        try {
            return EventReader.read(json);
        } catch (MalformedMessageException refused) {
            return null;
        }
    }
}
