package dev.rookery.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterBounds;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.json.MalformedMessageException.Addressee;
import dev.rookery.scenario.ScenarioEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientMessageReaderTests {

    private static final String ID = "a".repeat(64);
    private static final String EVENT =
            new ScenarioEvent(ID, "b".repeat(64), 1_700_000_000, 1, List.of(List.of("t", "x")), "hi").json();

    private final ClientMessageReader reader = new ClientMessageReader(MessageBounds.DEFAULT);

    @Test
    void readsEveryVerb() throws MalformedMessageException {
        assertThat(read("[\"EVENT\"," + EVENT + "]"))
                .isInstanceOfSatisfying(
                        ClientMessage.Publish.class,
                        publish -> assertThat(publish.event()).hasToString(EVENT));
        assertThat(read(" [ \"AUTH\" , " + EVENT + " ] "))
                .isInstanceOfSatisfying(
                        ClientMessage.Authenticate.class,
                        auth -> assertThat(auth.event()).hasToString(EVENT));
        assertThat(read("[\"REQ\",\"s\",{},{}]"))
                .isEqualTo(new ClientMessage.Subscribe("s", List.of(Filter.ANY, Filter.ANY)));
        assertThat(read("[\"COUNT\",\"q\",{}]")).isEqualTo(new ClientMessage.Count("q", List.of(Filter.ANY)));
        assertThat(read("[\"CLOSE\",\"s\"]")).isEqualTo(new ClientMessage.Unsubscribe("s"));
        assertThat(read("[\"NEG-OPEN\",\"s\",{},\"61aB\"]"))
                .usingRecursiveComparison()
                .isEqualTo(new ClientMessage.NegOpen("s", Filter.ANY, new byte[] {0x61, (byte) 0xab}));
        assertThat(read("[\"NEG-MSG\",\"s\",\"\"]"))
                .usingRecursiveComparison()
                .isEqualTo(new ClientMessage.NegMessage("s", new byte[0]));
        assertThat(read("[\"NEG-CLOSE\",\"s\"]")).isEqualTo(new ClientMessage.NegClose("s"));
    }

    @Test
    void ignoresFurtherElementsThatAreJson() throws MalformedMessageException {
        assertThat(read("[\"EVENT\"," + EVENT + ",1,{\"a\":[]}]")).isInstanceOf(ClientMessage.Publish.class);
        assertThat(read("[\"CLOSE\",\"s\",null]")).isEqualTo(new ClientMessage.Unsubscribe("s"));
        assertThat(refusal("[\"EVENT\"," + EVENT + ",x]").addressee()).isEqualTo(new Addressee.Nobody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "",
                " ",
                "[]",
                "[1]",
                "null",
                "\"EVENT\"",
                "[null]",
                "[\"EVENT\"]",
                "[\"EVENT\",null]",
                "[\"EVENT\",{}]",
                "[\"EVENT\",\"x\"]",
                "[\"EVENT\",[]]",
                "[\"AUTH\"]",
                "[\"AUTH\",\"challenge\"]",
                "[\"req\",\"s\",{}]",
                "[\"FOO\",\"s\"]",
                "\ufeff[\"CLOSE\",\"s\"]",
                "[\"CLOSE\",\"s\"] x",
                "[\"CLOSE\",\"s\"][\"CLOSE\",\"s\"]",
                "[\"CLOSE\",NaN]",
                "['CLOSE','s']",
                "[\"CLOSE\",/**/\"s\"]",
                "[\"CLOSE\",\"s\",]",
                "[\"CLOSE\"",
                "[\"CLOSE\"]",
                "[\"CLOSE\",1]",
                "[\"CLOSE\",null]",
                "[\"\\ud800\"]",
                "{\"0\":\"CLOSE\"}"
            })
    void answersNobodyInParticular(String message) {
        MalformedMessageException refusal = refusal(message);
        assertThat(refusal.addressee()).isEqualTo(new Addressee.Nobody());
        assertThat(refusal.reason()).startsWith("invalid: ");
    }

    @Test
    void survivesDeepNesting() {
        assertThat(refusal("[".repeat(100_000)).addressee()).isEqualTo(new Addressee.Nobody());
        assertThat(refusal("[\"EVENT\"," + "[".repeat(100_000)).addressee()).isEqualTo(new Addressee.Nobody());
        assertThat(refusal("[\"REQ\",\"s\"," + "{\"a\":".repeat(100_000)).addressee())
                .isEqualTo(new Addressee.Nobody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"REQ\"]",
                "[\"REQ\",1,{}]",
                "[\"REQ\",null,{}]",
                "[\"REQ\",\"\",{}]",
                "[\"REQ\",{},{}]",
                "[\"REQ\",\"\\udc00\",{}]",
                "[\"COUNT\",\"\",{}]"
            })
    void refusesSubscriptionIdsThatCannotBeUsed(String message) {
        assertThat(refusal(message).addressee()).isEqualTo(new Addressee.Nobody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"REQ\",\"s\"]",
                "[\"REQ\",\"s\",[]]",
                "[\"REQ\",\"s\",\"x\"]",
                "[\"REQ\",\"s\",null]",
                "[\"REQ\",\"s\",{},{\"limit\":-1}]",
                "[\"REQ\",\"s\",{\"kinds\":\"1\"}]"
            })
    void closesTheSubscriptionThatCannotBe(String message) {
        MalformedMessageException refusal = refusal(message);
        assertThat(refusal.addressee()).isEqualTo(new Addressee.OfSubscription("s"));
        assertThat(refusal.reason()).startsWith("invalid: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"COUNT\",\"s\",{\"ids\":[\"x\"]}]", "[\"COUNT\",\"s\"]"})
    void refusesTheQueryThatCannotBe(String message) {
        assertThat(refusal(message).addressee()).isEqualTo(new Addressee.OfQuery("s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"NEG-OPEN\",\"s\",{\"limit\":-1},\"61\"]",
                "[\"NEG-OPEN\",\"s\",{},\"0x61\"]",
                "[\"NEG-MSG\",\"s\",\"6\"]"
            })
    void refusesTheReconciliationThatCannotBe(String message) {
        assertThat(refusal(message).addressee()).isEqualTo(new Addressee.OfReconciliation("s"));
    }

    @Test
    void closesWithUnsupportedWhereAnElementIsUnknown() {
        MalformedMessageException refusal = refusal("[\"REQ\",\"a\\\"b\",{\"#title\":[\"x\"]}]");
        assertThat(refusal.addressee()).isEqualTo(new Addressee.OfSubscription("a\"b"));
        assertThat(refusal.reason()).isEqualTo("unsupported: filter contains unknown elements");
    }

    @Test
    void brokenJsonBehindABadFilterIsAnsweredToNobody() {
        assertThat(refusal("[\"REQ\",\"s\",{\"limit\":-1},}").addressee()).isEqualTo(new Addressee.Nobody());
        assertThat(refusal("[\"EVENT\",{\"id\":\"" + ID + "\",\"kind\":-1}").addressee())
                .isEqualTo(new Addressee.Nobody());
    }

    @Test
    void aBadEventWithAUsableIdIsAnsweredAsThatEvent() {
        Addressee event = new Addressee.OfEvent(ID);
        assertThat(refusal("[\"EVENT\",{\"kind\":-1,\"id\":\"" + ID + "\"}]").addressee())
                .isEqualTo(event);
        assertThat(refusal("[\"AUTH\"," + EVENT.replace("\"kind\":1", "\"kind\":1.0") + "]")
                        .addressee())
                .isEqualTo(event);
        assertThat(refusal("[\"EVENT\"," + EVENT.replace(ID, "x") + "]").addressee())
                .isEqualTo(new Addressee.Nobody());
    }

    @Test
    void bytesThatAreNotUtf8EndTheConnection() {
        byte[] bytes = "[\"REQ\",\"\u00c3\u0028\",{}]".getBytes(ISO_8859_1);
        MalformedMessageException refusal =
                catchThrowableOfType(MalformedMessageException.class, () -> reader.read(bytes, 0, bytes.length));
        assertThat(refusal.addressee()).isEqualTo(new Addressee.NotUtf8());
        assertThat(refusal.to(new Addressee.Nobody()).addressee()).isEqualTo(new Addressee.NotUtf8());
    }

    @Test
    void subscriptionIdsAreArbitraryTextUpTo64CodePoints() throws MalformedMessageException {
        String emoji = "\uD83D\uDE00".repeat(64);
        assertThat(read("[\"REQ\",\"" + emoji + "\",{}]"))
                .isEqualTo(new ClientMessage.Subscribe(emoji, List.of(Filter.ANY)));
        assertThat(refusal("[\"REQ\",\"" + "x".repeat(65) + "\",{}]").addressee())
                .isEqualTo(new Addressee.Nobody());
        assertThat(read("[\"REQ\",\"a\\\"b\\\\\\u0000__proto__\",{}]"))
                .isEqualTo(new ClientMessage.Subscribe("a\"b\\\u0000__proto__", List.of(Filter.ANY)));
    }

    @Test
    void boundsCloseTheSubscription() throws MalformedMessageException {
        ClientMessageReader small = new ClientMessageReader(new MessageBounds(3, new FilterBounds(1, 1, 1)));
        assertThat(small.read("[\"REQ\",\"abc\",{\"kinds\":[1]}]".getBytes(UTF_8), 0, 27))
                .isNotNull();
        byte[] many = "[\"REQ\",\"abc\",{},{}]".getBytes(UTF_8);
        assertThat(catchThrowableOfType(MalformedMessageException.class, () -> small.read(many, 0, many.length))
                        .addressee())
                .isEqualTo(new Addressee.OfSubscription("abc"));
    }

    @Test
    void readsOnlyTheSliceItIsGiven() throws MalformedMessageException {
        byte[] bytes = "xx[\"CLOSE\",\"s\"]xx".getBytes(UTF_8);
        assertThat(reader.read(bytes, 2, bytes.length - 2)).isEqualTo(new ClientMessage.Unsubscribe("s"));
    }

    private ClientMessage read(String message) throws MalformedMessageException {
        byte[] bytes = message.getBytes(UTF_8);
        return reader.read(bytes, 0, bytes.length);
    }

    private MalformedMessageException refusal(String message) {
        MalformedMessageException refusal = catchThrowableOfType(MalformedMessageException.class, () -> read(message));
        assertThat(refusal).as(message).isNotNull();
        return refusal;
    }
}
