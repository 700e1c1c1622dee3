package dev.rookery.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.json.MalformedMessageException;
import dev.rookery.json.MalformedMessageException.Addressee;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventReaderTests {

    @Test
    void readsAnEventInAnyOrderWithWhiteSpaceAndWritesItCanonically() throws MalformedMessageException {
        String wire = """
                 { "sig" : "%s" , "content" : "x" , "tags" : [ [ "t" , "a" ] , [ "-" ] ] ,
                \t"kind" : 7 , "created_at" : 0 , "pubkey" : "%s" , "id" : "%s" } \r
                """.formatted("c".repeat(128), EventJson.PUBKEY, EventJson.ID);
        String canonical =
                "{\"id\":\"%s\",\"pubkey\":\"%s\",\"created_at\":0,\"kind\":7,\"tags\":[[\"t\",\"a\"],[\"-\"]],\"content\":\"x\",\"sig\":\"%s\"}"
                        .formatted(EventJson.ID, EventJson.PUBKEY, "c".repeat(128));
        assertThat(EventReader.read(wire.getBytes(UTF_8))).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "pubkey", "created_at", "kind", "tags", "content", "sig"})
    void refusesAnEventWithoutAField(String field) {
        assertThat(refusal(EventJson.without(field).toString()).reason())
                .startsWith("invalid: ")
                .contains(field);
    }

    /// Lowercase hex of the right length and nothing else.
    @ParameterizedTest
    @CsvSource({"id,64", "pubkey,64", "sig,128"})
    void refusesHexThatIsNotLowercaseOrOfAnotherLength(String field, int digits) {
        List<String> wrong = List.of(
                "A".repeat(digits),
                "0x" + "a".repeat(digits),
                "0x" + "a".repeat(digits - 2),
                "g".repeat(digits),
                "a".repeat(digits - 1),
                "a".repeat(digits + 1),
                "\u00e9".repeat(digits / 2),
                "");
        assertThat(wrong)
                .allSatisfy(hex -> assertThat(
                                refusal(EventJson.with(field, "\"" + hex + "\"").toString())
                                        .reason())
                        .startsWith("invalid: " + field));
        assertThat(refusal(EventJson.with(field, "5").toString()).reason()).startsWith("invalid: " + field);
        assertThat(refusal(EventJson.with(field, "null").toString()).reason()).startsWith("invalid: " + field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "65536",
                "65537",
                "4294967297",
                "18446744073709551617",
                "-1",
                "1.0",
                "1e0",
                "1E0",
                "-0",
                "01",
                "00",
                "+1",
                "0x10",
                "\"1\"",
                "null",
                "true",
                "[1]",
                "NaN",
                ".5",
                "1."
            })
    void refusesKindsThatAreNoIntegersInRange(String kind) {
        assertThat(refusal(EventJson.with("kind", kind).toString()).reason()).startsWith("invalid: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-200",
                "1.5",
                "1700000000.0",
                "\"1700000000\"",
                "9007199254740992",
                "9007199254740993",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "1700000000E0",
                "-0",
                "null"
            })
    void refusesTimesThatAreNoIntegersInRange(String createdAt) {
        assertThat(refusal(EventJson.with("created_at", createdAt).toString()).reason())
                .startsWith("invalid: ");
    }

    @Test
    void takesTheHighestKindAndTime() throws MalformedMessageException {
        assertThat(EventJson.with("kind", "65535").read().kind()).isEqualTo(65_535);
        assertThat(EventJson.with("created_at", "9007199254740991").read().createdAt())
                .isEqualTo(9_007_199_254_740_991L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[\"e\",1]]",
                "[[\"t\",null]]",
                "[[\"t\",[\"x\"]]]",
                "[\"t\"]",
                "{}",
                "[[\"e\",\"id\",\"\",5]]",
                "[[]]",
                "null",
                "\"\"",
                "[[\"t\"],[]]",
                "[[\"t\"],]",
                "[[\"t\",]]",
                "[,[\"t\"]]",
                "[[\"t\"]",
                "[[\"t\" \"x\"]]"
            })
    void refusesTagsThatAreNotArraysOfStrings(String tags) {
        assertThat(refusal(EventJson.with("tags", tags).toString()).reason()).startsWith("invalid: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"content\":\"x\"", "\"kind\":1", "\"c\\u006fntent\":\"x\"", "\"seen\":1,\"seen\":2"})
    void refusesAKeyThatComesTwice(String again) {
        String json = new EventJson().toString().replaceFirst("\\{", "{" + again.replace("\\", "\\\\") + ",");
        assertThat(refusal(json).reason()).isEqualTo("invalid: a field comes twice");
    }

    @Test
    void leavesOutUnknownFields() throws MalformedMessageException {
        Event event = EventJson.with("seen_on", "[{\"a\":[1.5e+3,true,null,\"\\ud800\"]}]")
                .read();
        assertThat(event).hasToString(new EventJson().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,]", "{\"a\"}", "tru", "01", "\"\\x\"", "'a'", "", "[", "nulL", "-", "1.", "1e", "// c"})
    void checksUnknownFieldsToBeJson(String value) {
        MalformedMessageException refusal =
                refusal(EventJson.with("seen_on", value).toString());
        assertThat(refusal.addressee()).isEqualTo(new Addressee.Nobody());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "\\u0000 \\u0000",
                "\\u0008\\u0009\\u000a\\u000c\\u000D \\b\\t\\n\\f\\r",
                "\\u000B\\u001F\\u001f\\u0001 \\u000b\\u001f\\u001f\\u0001",
                "\\u0022\\u005c\\/\\\" \\\"\\\\/\\\"",
                "\\u007f\u007f \u007f\u007f",
                "\\u00e9\\/\\ud83d\\ude00 \u00e9/\uD83D\uDE00",
                "\\u2028\u2029<>&' \u2028\u2029<>&'",
                "\\ufdd1\\uDBFF\\uDFF2\\ufeff \uFDD1\uDBFF\uDFF2\uFEFF",
                "\\u0061\\u0062c abc"
            })
    void spellsStringsCanonically(String wire, String canonical) throws MalformedMessageException {
        Event content = EventJson.with("content", "\"" + wire + "\"").read();
        assertThat(content)
                .hasToString(EventJson.with("content", "\"" + canonical + "\"").toString());
        Event tags = EventJson.with("tags", "[[\"" + wire + "\"],[\"a\",\"" + wire + "\"]]")
                .read();
        String expected = "[[\"" + canonical + "\"],[\"a\",\"" + canonical + "\"]]";
        assertThat(tags).hasToString(EventJson.with("tags", expected).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud800", "\\ud800x", "\\ud800\\n"})
    void refusesUnpairedSurrogates(String text) {
        MalformedMessageException refusal =
                refusal(EventJson.with("content", "\"" + text + "\"").toString());
        assertThat(refusal.reason()).isEqualTo("invalid: unpaired surrogate in a string");
        assertThat(refusal.addressee()).isEqualTo(new Addressee.OfEvent(EventJson.ID));
        assertThat(refusal(EventJson.with("tags", "[[\"" + text + "\"]]").toString())
                        .reason())
                .startsWith("invalid: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c3\u0028",
                "\u00c0\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f5\u0080\u0080\u0080",
                "\u0080",
                "\u00e2\u0082"
            })
    void refusesBytesThatAreNotUtf8(String bytes) {
        byte[] json = EventJson.with("content", "\"" + bytes + "\"").toString().getBytes(ISO_8859_1);
        MalformedMessageException refusal =
                catchThrowableOfType(MalformedMessageException.class, () -> EventReader.read(json));
        assertThat(refusal.addressee()).isEqualTo(new Addressee.NotUtf8());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", "\u0000", "\u001f"})
    void refusesRawControlCharactersInStrings(String control) {
        assertThat(refusal(EventJson.with("content", "\"a" + control + "\"").toString())
                        .addressee())
                .isEqualTo(new Addressee.Nobody());
    }

    @Test
    void addressesTheEventWhereverItsIdStandsIfTheRestIsJson() {
        EventJson badKind = EventJson.with("kind", "1.5");
        assertThat(refusal(badKind.toString()).addressee()).isEqualTo(new Addressee.OfEvent(EventJson.ID));
        String idLast = "{\"kind\":1.5,\"\\u0069d\":\"" + EventJson.ID + "\"}";
        assertThat(refusal(idLast).addressee()).isEqualTo(new Addressee.OfEvent(EventJson.ID));
        assertThat(refusal("{\"kind\":1.5,\"id\":7}").addressee()).isEqualTo(new Addressee.Nobody());
        assertThat(refusal("{\"id\":\"" + EventJson.ID + "\",}").addressee()).isEqualTo(new Addressee.Nobody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "null", "\"x\"", "[]", "{", "{}", "{} {}", "{}x", "\ufeff{}", "{'id':1}", "{id:1}"})
    void refusesWhatIsNoEventAtAll(String json) {
        assertThat(refusal(json).addressee()).isEqualTo(new Addressee.Nobody());
    }

    @Test
    void boundsTheDepthOfNesting() throws MalformedMessageException {
        String deepest = "[".repeat(64) + "]".repeat(64);
        assertThat(EventJson.with("x", deepest).read()).isNotNull();
        assertThat(refusal(EventJson.with("x", "[" + deepest + "]").toString()).reason())
                .contains("deep");
        assertThat(refusal(EventJson.with("x", "[".repeat(500_000)).toString()).reason())
                .contains("deep");
        assertThat(refusal(EventJson.with("x", "{\"a\":".repeat(100_000)).toString())
                        .reason())
                .contains("deep");
    }

    @Test
    void readsASliceAndNothingAroundIt() throws MalformedMessageException {
        byte[] padded = ("[" + new EventJson() + "]").getBytes(UTF_8);
        assertThat(EventReader.read(padded, 1, padded.length - 1)).hasToString(new EventJson().toString());
        for (int to = 1; to < padded.length - 1; to++) {
            int end = to;
            assertThat(catchThrowableOfType(MalformedMessageException.class, () -> EventReader.read(padded, 1, end)))
                    .isNotNull();
        }
    }

    private static MalformedMessageException refusal(String json) {
        MalformedMessageException refusal =
                catchThrowableOfType(MalformedMessageException.class, () -> EventReader.read(json.getBytes(UTF_8)));
        assertThat(refusal).as(json).isNotNull();
        return refusal;
    }
}
