package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.json.MalformedMessageException;
import dev.rookery.json.MalformedMessageException.Addressee;
import dev.rookery.message.ClientMessageReader;
import dev.rookery.message.MessageBounds;
import dev.rookery.scenario.FilterScenarios;
import dev.rookery.scenario.RealEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Events and messages that chance has damaged, read by us and by Jackson.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EventFuzzTests {

    private static final List<String> SNIPPETS = List.of(
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "\\u0000",
            "\\ud800",
            "\\udc00",
            "\\ud83d\\ude00",
            "\\/",
            "\\u00E9",
            "\\u001F",
            "null",
            "true",
            "1",
            "-0",
            "1.0",
            "1e3",
            "01",
            "\"id\":",
            "\"kind\":1,",
            "\"x\":[{\"y\":1.5e-3}],",
            "[\"t\"],",
            "\u00e9",
            "\u0000",
            "\u007f",
            "\uD83D\uDE00",
            "\\u0022",
            "\\n",
            "A");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsDamagedEventsAsJacksonDoes(long seed) {
        Random random = new Random(seed);
        List<byte[]> originals = originals(seed);
        int taken = 0;
        for (int round = 0; round < 15_000; round++) {
            byte[] bytes = damage(random, originals.get(random.nextInt(originals.size())));
            JacksonOracle.Answer expected = JacksonOracle.judge(bytes);
            String why = "seed %d, round %d: %s".formatted(seed, round, new String(bytes, UTF_8));
            try {
                assertThat(EventReader.read(bytes).toString()).as(why).isEqualTo(expected.json());
                taken++;
            } catch (MalformedMessageException e) {
                assertThat(expected.json()).as("%s: %s", why, e.reason()).isEmpty();
                assertThat(e.addressee()).as(why).isEqualTo(expected.addressee());
            }
        }
        assertThat(taken).as("otherwise only refusals were tried").isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void answersDamagedMessagesAndRefersOnlyToThoseThatAreJson(long seed) {
        Random random = new Random(seed);
        ClientMessageReader reader = new ClientMessageReader(MessageBounds.DEFAULT);
        FilterScenarios scenarios = new FilterScenarios(seed);
        for (int round = 0; round < 15_000; round++) {
            String filters = FilterScenarios.json(scenarios.filters());
            byte[] message = "[\"REQ\",\"s\",%s".formatted(filters.substring(1)).getBytes(UTF_8);
            byte[] bytes = damage(random, message);
            String why = "seed %d, round %d: %s".formatted(seed, round, new String(bytes, UTF_8));
            try {
                assertThat(reader.read(bytes, 0, bytes.length)).as(why).isNotNull();
                assertThat(isJson(bytes)).as(why).isTrue();
            } catch (MalformedMessageException e) {
                boolean refers = !e.addressee().equals(new Addressee.Nobody())
                        && !e.addressee().equals(new Addressee.NotUtf8());
                assertThat(refers && !isJson(bytes)).as(why).isFalse();
                assertThat(e.reason()).matches("(?s)(invalid|unsupported): .+");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6})
    void survivesRandomBytes(long seed) {
        Random random = new Random(seed);
        ClientMessageReader reader = new ClientMessageReader(MessageBounds.DEFAULT);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = '[';
                bytes[1] = '"';
            }
            assertThat(isRefused(reader, bytes))
                    .as("seed %d, round %d", seed, round)
                    .isTrue();
        }
    }

    private static boolean isRefused(ClientMessageReader reader, byte[] bytes) {
        try {
            reader.read(bytes, 0, bytes.length);
            return false;
        } catch (MalformedMessageException e) {
            return true;
        }
    }

    private static boolean isJson(byte[] bytes) {
        try {
            JsonMapper.shared().readTree(new String(bytes, UTF_8));
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static List<byte[]> originals(long seed) {
        List<byte[]> originals = new ArrayList<>();
        new FilterScenarios(seed)
                .events(100)
                .forEach(event -> originals.add(event.json().getBytes(UTF_8)));
        RealEvents.json().stream()
                .filter(json -> json.length < 1_500)
                .limit(100)
                .forEach(originals::add);
        return originals;
    }

    private static byte[] damage(Random random, byte[] original) {
        StringBuilder bytes = new StringBuilder(new String(original, ISO_8859_1));
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(bytes.length());
            int to = Math.min(bytes.length(), at + random.nextInt(6));
            switch (random.nextInt(6)) {
                case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bytes.delete(at, to);
                case 2 -> bytes.insert(random.nextInt(bytes.length()), bytes.substring(at, to));
                case 3 -> bytes.replace(at, to, snippet(random));
                default -> bytes.insert(at, snippet(random));
            }
        }
        return bytes.toString().getBytes(ISO_8859_1);
    }

    private static String snippet(Random random) {
        return new String(SNIPPETS.get(random.nextInt(SNIPPETS.size())).getBytes(UTF_8), ISO_8859_1);
    }
}
