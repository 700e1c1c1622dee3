package dev.rookery.admission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.json.JsonBuffer;
import dev.rookery.message.Verdict;
import dev.rookery.signature.SchnorrSigner;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reposts, and what they carry: events as they should be, others that some reader shows all the same, and nothing.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProtectedRepostCheckTests {

    private static final long NOW = 1_700_000_000;
    private static final SchnorrSigner SIGNER = signer();

    private final AdmissionCheck check = new ProtectedRepostCheck();

    @Test
    void refusesRepostsOfProtectedEventsAndOfSuchReposts() {
        for (Tag guard : List.of(Tag.of("-"), Tag.of("-", "x"))) {
            String guarded = event(1, List.of(guard), "").toString();
            for (int kind : new int[] {6, 16}) {
                Event repost = event(kind, List.of(), guarded);
                assertThat(check.refuse(repost, NOW).map(Verdict::message))
                        .contains("blocked: the reposted event is protected by its author");
                assertThat(isRefused(event(16, List.of(), repost.toString()))).isTrue();
            }
            assertThat(isRefused(event(1, List.of(), guarded))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"00\",\"pubkey\":\"00\",\"created_at\":1,\"kind\":1,\"tags\":[[\"-\"]],\"content\":\"\"}",
                "{\"ID\":\"AB\",\"id\":\"AB\",\"sig\":\"AB\",\"created_at\":-1.5,\"tags\":[[\"-\"]]}",
                "{\"tags\":[[\"-\"]]}",
                " \n{ \"tags\" : [ [ \"-\" ] ] } ",
                "{\"\\u0074ags\":[[\"\\u002d\"]]}",
                "{\"tags\":[],\"tags\":[[\"-\"]]}",
                "{\"tags\":[[\"-\"]],\"tags\":[]}",
                "{\"tags\":{},\"tags\":[[\"-\"]],\"tags\":null}",
                "{\"tags\":[7,null,[],[1],[[\"x\"]],{\"a\":\"b\"},\"-\",[\"-\",[\"x\",{}],7]]}",
                "{\"content\":\"\\ud800\",\"\\udc00\":0,\"tags\":[[\"-\"]]}",
                "{\"tags\":[[\"-\"]]} and more"
            })
    void refusesAnyObjectWithTheTag(String carried) {
        assertThat(isRefused(event(6, List.of(), carried))).isTrue();
        for (String kind : List.of("6", "16", "6.0", "60e-1", "1,\"kind\":16", "6,\"kind\":1")) {
            String repost = "{\"kind\":" + kind + ",\"content\":" + quoted(carried) + "}";
            assertThat(isRefused(event(16, List.of(), repost))).as(repost).isTrue();
            String twice = repost.replace("\"content\":", "\"content\":\"\",\"content\":7,\"content\":");
            assertThat(isRefused(event(16, List.of(), twice))).as(twice).isTrue();
        }
        String note = "{\"kind\":1,\"content\":" + quoted(carried) + "}";
        assertThat(isRefused(event(6, List.of(), note))).as(note).isFalse();
    }

    @Test
    void looksBehindWhatIsNestedDeeply() {
        String deep = "[{\"a\":".repeat(5_000) + "1" + "}]".repeat(5_000);
        assertThat(isRefused(event(6, List.of(), "{\"x\":" + deep + ",\"tags\":[[\"-\"]]}")))
                .isTrue();
        assertThat(isRefused(event(6, List.of(), "{\"x\":" + deep + ",\"tags\":[[\"t\"]]}")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "[\"-\"]",
                "[[\"-\"]]",
                "[{\"tags\":[[\"-\"]]}]",
                "\"{\\\"tags\\\":[[\\\"-\\\"]]}\"",
                "nostr:note1 {\"tags\":[[\"-\"]]}",
                "{\"tags\":[[\"-\"]]",
                "{\"tags\":[[\"-\"]],}",
                "{tags:[[\"-\"]]}",
                "{\"tags\":[\"-\"]}",
                "{\"tags\":[[\"t\",\"-\"],[\"--\"],[\"\"],[[\"-\"]],[\"x\",[\"-\"]]]}",
                "{\"tags\":{\"-\":\"-\"}}",
                "{\"Tags\":[[\"-\"]],\"x\":{\"tags\":[[\"-\"]]}}",
                "{\"kind\":\"x\",\"content\":\"{\\\"tags\\\":[[\\\"-\\\"]]}\"}",
                "{\"kind\":[6],\"content\":\"{\\\"tags\\\":[[\\\"-\\\"]]}\"}"
            })
    void takesWhatCarriesNothingThatIsProtected(String content) {
        assertThat(isRefused(event(6, List.of(), content))).isFalse();
    }

    @Test
    void takesAnOrdinaryRepost() {
        Event note = event(1, List.of(Tag.of("t", "-")), "[\"-\"]");
        Event repost = event(6, List.of(), note.toString());
        assertThat(isRefused(repost)).isFalse();
        assertThat(isRefused(event(16, List.of(), repost.toString()))).isFalse();
    }

    /// What is deeper is refused unseen: nobody reposts so often, and each look costs as much as the first.
    @Test
    void looksAFewRepostsDeep() {
        assertThat(isRefused(event(6, List.of(), nested(7, "{\"tags\":[[\"t\"]]}"))))
                .isFalse();
        assertThat(isRefused(event(6, List.of(), nested(7, "{\"tags\":[[\"-\"]]}"))))
                .isTrue();
        assertThat(isRefused(event(6, List.of(), nested(8, "{\"tags\":[[\"t\"]]}"))))
                .isTrue();
    }

    private static String nested(int reposts, String innermost) {
        String json = innermost;
        for (int i = 0; i < reposts; i++) {
            json = "{\"kind\":6,\"content\":" + quoted(json) + "}";
        }
        return json;
    }

    @Test
    void neverThrowsWhateverIsCarried() {
        long seed = new Random().nextLong();
        System.out.println("ProtectedRepostCheckTests.neverThrowsWhateverIsCarried seed " + seed);
        Random random = new Random(seed);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u00",
            "\\ud800",
            "-",
            "6",
            "1e999999",
            "-0",
            ".",
            "null",
            "tru",
            " ",
            "\"tags\":",
            "\"kind\":",
            "\"content\":",
            "[[\"-\"]]",
            "\"{\\\"kind\\\":6}\"",
            "\0",
            "\ud83d\ude00"
        };
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            StringBuilder content = new StringBuilder(random.nextBoolean() ? "{" : "");
            for (int part = random.nextInt(20); part > 0; part--) {
                content.append(parts[random.nextInt(parts.length)]);
            }
            CarriedEvent.isProtected(new String(noise, ISO_8859_1));
            CarriedEvent.isProtected(content.toString());
        }
    }

    private boolean isRefused(Event event) {
        return check.refuse(event, NOW).isPresent();
    }

    private static String quoted(String text) {
        byte[] quoted = new JsonBuffer(text.length() + 2).string(text).toBytes();
        return new String(quoted, UTF_8);
    }

    private static Event event(int kind, List<Tag> tags, String content) {
        return Event.of(SIGNER, NOW, kind, tags, content);
    }

    private static SchnorrSigner signer() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        return new SchnorrSigner(secret);
    }
}
