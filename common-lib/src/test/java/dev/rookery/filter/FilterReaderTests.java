package dev.rookery.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.event.Bytes32;
import dev.rookery.json.JsonCursor;
import dev.rookery.json.MalformedMessageException;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FilterReaderTests {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @Test
    void readsEveryElement() throws MalformedMessageException {
        Filter filter = one("""
                {"ids":["%1$s"], "authors":["%2$s","%1$s","%2$s"], "kinds":[7,1,1], "#e":["%1$s"], "#T":["x","","x"],
                 "since":-5, "until":9, "limit":3, "search":"cats"}
                """.formatted(A, B));
        assertThat(filter.ids()).containsExactly(Bytes32.ofHex(A));
        assertThat(filter.authors()).containsExactly(Bytes32.ofHex(A), Bytes32.ofHex(B));
        assertThat(filter.kinds()).containsExactly(1, 7);
        assertThat(filter.tags()).containsEntry("e", List.of(A)).containsEntry("T", List.of("", "x"));
        assertThat(filter.since()).isEqualTo(-5);
        assertThat(filter.until()).isEqualTo(9);
        assertThat(filter.limit()).isEqualTo(OptionalInt.of(3));
        assertThat(filter.search()).contains("cats");
    }

    @Test
    void anEmptyFilterMatchesEverything() throws MalformedMessageException {
        assertThat(one("{}")).isEqualTo(Filter.ANY);
        assertThat(Filter.ANY.canMatchNothing()).isFalse();
        assertThat(FilterReader.readAll(bytes("[]"))).isEmpty();
    }

    /// A kind above 65535 is a legal number that is no kind.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ids\":[]}",
                "{\"authors\":[]}",
                "{\"kinds\":[]}",
                "{\"#t\":[]}",
                "{\"since\":10,\"until\":5}",
                "{\"kinds\":[65536,65537,4294967297,18446744073709551617,-1]}",
                "{\"#t\":[\"a\"],\"#e\":[]}"
            })
    void someFiltersMatchNothing(String json) throws MalformedMessageException {
        assertThat(one(json).canMatchNothing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#title",
                "foo",
                "#",
                "#\u00e9",
                "",
                "e",
                "##",
                "#1",
                "# ",
                "__proto__",
                "constructor",
                "Ids",
                "#\u0000"
            })
    void doesNotSupportOtherElements(String key) {
        assertThat(refusal("{\"" + key.replace("\u0000", "\\u0000") + "\":[\"x\"]}"))
                .isEqualTo("unsupported: filter contains unknown elements");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ids", "authors", "#e", "#p"})
    void refusesKeysThatAreNot64DigitsOfLowercaseHex(String name) {
        List<String> wrong =
                List.of("", "79be", "xyz", "A".repeat(64), "a".repeat(63), "a".repeat(65), "0x" + "a".repeat(62));
        assertThat(wrong)
                .allSatisfy(key -> assertThat(refusal("{\"" + name + "\":[\"" + A + "\",\"" + key + "\"]}"))
                        .isEqualTo("invalid: " + name + " is not 64 digits of lowercase hex"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"x\"",
                "null",
                "1",
                "{\"kinds\":\"1\"}",
                "{\"kinds\":1}",
                "{\"kinds\":[\"1\"]}",
                "{\"kinds\":[1.0]}",
                "{\"kinds\":null}",
                "{\"ids\":null}",
                "{\"ids\":[null]}",
                "{\"ids\":\"x\"}",
                "{\"limit\":-1}",
                "{\"limit\":1.5}",
                "{\"limit\":\"5\"}",
                "{\"limit\":null}",
                "{\"since\":1.5}",
                "{\"since\":\"1\"}",
                "{\"since\":1e300}",
                "{\"until\":01}",
                "{\"until\":-0}",
                "{\"search\":1}",
                "{\"#t\":[1]}",
                "{\"#t\":\"x\"}",
                "{\"#t\":{}}",
                "{\"#t\":[[\"x\"]]}",
                "{\"#t\":[\"\\ud800\"]}",
                "{\"kinds\":[1],\"kinds\":[2]}",
                "{\"#t\":[\"a\"],\"#\\u0074\":[\"b\"]}",
                "{\"kinds\":[1,]}",
                "{,}",
                "{\"kinds\"}"
            })
    void refusesOtherTypes(String filter) {
        assertThat(refusal(filter)).startsWith("invalid: ");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807,9223372036854775807",
        "9223372036854775808,9223372036854775807",
        "99999999999999999999999,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "-9223372036854775809,-9223372036854775808",
        "-99999999999999999999999,-9223372036854775808",
        "0,0",
        "-1,-1"
    })
    void numbersNeverWrap(String number, long value) throws MalformedMessageException {
        Filter filter = one("{\"since\":" + number + ",\"until\":" + number + "}");
        assertThat(filter.since()).isEqualTo(value);
        assertThat(filter.until()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000000,1000000", "4294967296,2147483647", "99999999999999999999,2147483647"})
    void limitsAreKeptForTheGatewayToClamp(String number, int limit) throws MalformedMessageException {
        assertThat(one("{\"limit\":" + number + "}").limit()).isEqualTo(OptionalInt.of(limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \\t", "include:spam", " domain:nest.example  sentiment:positive\\t"})
    void aSearchThatSaysNothingIsNone(String search) throws MalformedMessageException {
        assertThat(one("{\"search\":\"" + search + "\"}")).isEqualTo(Filter.ANY);
    }

    @Test
    void boundsAreInclusive() throws MalformedMessageException {
        FilterReader reader = new FilterReader(new FilterBounds(2, 3, 4));
        assertThat(read(reader, "{\"kinds\":[1,2,3],\"#t\":[\"1\",\"2\",\"3\",\"4\"]},{}]"))
                .hasSize(2);
        assertThat(refusal(reader, "{},{},{}]")).isEqualTo("invalid: more than 2 filters");
        assertThat(refusal(reader, "{\"kinds\":[1,2,3,4]}]")).isEqualTo("invalid: more than 3 values in kinds");
        assertThat(refusal(reader, "{\"#t\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}]"))
                .isEqualTo("invalid: more than 4 values in #t");
        String ids = Collections.nCopies(4, "\"" + A + "\"").toString();
        assertThat(refusal(reader, "{\"authors\":" + ids + "}]")).isEqualTo("invalid: more than 3 values in authors");
    }

    @Test
    void aLargeFilterWithinTheBoundsIsRead() throws MalformedMessageException {
        String values =
                IntStream.range(0, 2_500).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(","));
        assertThat(one("{\"#t\":[" + values + "]}").tags().get("t")).hasSize(2_500);
    }

    @Test
    void refusesWhatIsNoArray() {
        assertThat(catchThrowableOfType(MalformedMessageException.class, () -> FilterReader.readAll(bytes("{}"))))
                .isNotNull();
        assertThat(catchThrowableOfType(MalformedMessageException.class, () -> FilterReader.readAll(bytes("[{}]x"))))
                .isNotNull();
    }

    private static Filter one(String filter) throws MalformedMessageException {
        return FilterReader.readAll(bytes("[" + filter + "]")).getFirst();
    }

    private static List<Filter> read(FilterReader reader, String rest) throws MalformedMessageException {
        return reader.readRest(JsonCursor.over(bytes(rest), 0, rest.length()));
    }

    private static String refusal(FilterReader reader, String rest) {
        return catchThrowableOfType(MalformedMessageException.class, () -> read(reader, rest))
                .reason();
    }

    private static String refusal(String filter) {
        MalformedMessageException refusal = catchThrowableOfType(MalformedMessageException.class, () -> one(filter));
        assertThat(refusal).as(filter).isNotNull();
        return refusal.reason();
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }
}
