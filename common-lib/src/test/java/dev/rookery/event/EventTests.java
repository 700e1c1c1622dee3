package dev.rookery.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.json.MalformedMessageException;
import dev.rookery.signature.SchnorrSigner;
import dev.rookery.signature.SignatureChecks;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventTests {

    private static final SchnorrSigner SIGNER = signer();

    @Test
    void decodesWhatWasSigned() {
        String text = "a\"b\\c\n\u0000\u001f\u007f\u00e9\u2028\uD83D\uDE00/";
        List<Tag> tags = List.of(Tag.of("t", text), Tag.of("-"), Tag.of("e", "", text, "x"));
        Event event = Event.of(SIGNER, 1_700_000_000, 1, tags, text);
        assertThat(event.content()).isEqualTo(text);
        assertThat(event.tags()).isEqualTo(tags);
        assertThat(event.tagCount()).isEqualTo(3);
        assertThat(event.contentLength()).isEqualTo(text.codePointCount(0, text.length()));
    }

    @Test
    void madeEventsAreGoodAndReadBackTheSame() throws MalformedMessageException {
        Event event = Event.of(SIGNER, 0, 65_535, List.of(), "");
        assertThat(event.hasValidId()).isTrue();
        assertThat(SignatureChecks.best()
                        .verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature()))
                .isTrue();
        Event again = EventReader.read(event.json());
        assertThat(again).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(again.json()).isEqualTo(event.json());
    }

    @Test
    void knowsThatAnIdIsNotItsHash() throws MalformedMessageException {
        String json = Event.of(SIGNER, 1, 1, List.of(), "x").toString();
        assertThat(EventReader.read(json.replace("\"x\"", "\"y\"").getBytes(UTF_8))
                        .hasValidId())
                .isFalse();
    }

    /// The id is over the decoded values.
    @Test
    void theSpellingOnTheWireDoesNotChangeTheId() throws MalformedMessageException {
        Event event = Event.of(SIGNER, 1, 1, List.of(Tag.of("t", "\u00e9/\uD83D\uDE00")), "\u00e9/\uD83D\uDE00");
        String spelled = event.toString().replace("\u00e9/\uD83D\uDE00", "\\u00E9\\/\\uD83d\\ude00");
        Event read = EventReader.read(spelled.getBytes(UTF_8));
        assertThat(read.hasValidId()).isTrue();
        assertThat(read.json()).isEqualTo(event.json());
    }

    @Test
    void theIdentifierIsTheFirstD() {
        assertThat(tagged().identifier()).isEmpty();
        assertThat(tagged(Tag.of("d")).identifier()).isEmpty();
        assertThat(tagged(Tag.of("d", "")).identifier()).isEmpty();
        assertThat(tagged(Tag.of("e", "d"), Tag.of("d", "a:b\n"), Tag.of("d", "2"))
                        .identifier())
                .isEqualTo("a:b\n");
        assertThat(tagged(Tag.of("d"), Tag.of("d", "2")).identifier()).isEmpty();
    }

    @Test
    void findsTheFirstTagOfANameThatHasAValue() {
        Event event = tagged(Tag.of("a\"b"), Tag.of("title"), Tag.of("a\"b", "1"), Tag.of("title", "2", "3"));
        assertThat(event.firstValue("a\"b")).contains("1");
        assertThat(event.firstValue("title")).contains("2");
        assertThat(event.firstValue("x")).isEmpty();
    }

    /// NIP-70. However it is spelled, and whatever comes behind it.
    @Test
    void isProtectedByATagOfThatName() throws MalformedMessageException {
        assertThat(tagged(Tag.of("t", "-"), Tag.of("-")).isProtected()).isTrue();
        assertThat(tagged(Tag.of("-", "x"), Tag.of("t")).isProtected()).isTrue();
        String spelled = tagged(Tag.of("-")).toString().replace("[\"-\"]", "[ \"\\u002d\" ]");
        assertThat(EventReader.read(spelled.getBytes(UTF_8)).isProtected()).isTrue();
        assertThat(tagged().isProtected()).isFalse();
        assertThat(tagged(Tag.of("t", "-"), Tag.of("--"), Tag.of(""), Tag.of("\"-\""))
                        .isProtected())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "1e3", "-1", "+1", " 1", "1.0", "\u0661"})
    void anExpirationThatIsNoNumberIsNone(String value) {
        assertThat(tagged(Tag.of("expiration", value)).expiration()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "007,7", "1700000000000,1700000000000", "99999999999999999999,9223372036854775807"})
    void anExpirationNeverWraps(String value, long seconds) {
        Event event = tagged(Tag.of("expiration", value));
        assertThat(event.expiration()).isEqualTo(OptionalLong.of(seconds));
        assertThat(event.isExpired(1_700_000_000)).isEqualTo(seconds < 1_700_000_000);
    }

    @Test
    void anEventIsVoidFromTheSecondOfItsExpiration() {
        Event event = tagged(Tag.of("expiration"), Tag.of("x", "expiration", "1"));
        assertThat(event.isExpired(Long.MAX_VALUE)).isFalse();
        Event expiring = tagged(Tag.of("expiration", "100"), Tag.of("expiration", "5"));
        assertThat(expiring.isExpired(99)).isFalse();
        assertThat(expiring.isExpired(100)).isTrue();
    }

    @Test
    void lengthIsCountedInCodePoints() {
        Event event = Event.of(SIGNER, 1, 1, List.of(), "\uD83D\uDE00\u0000\n\u00e9a");
        assertThat(event.contentLength()).isEqualTo(5);
        assertThat(event.contentExceeds(5)).isFalse();
        assertThat(event.contentExceeds(4)).isTrue();
    }

    @Test
    void refusesToMakeWhatIsNoEvent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Event.of(SIGNER, -1, 1, List.of(), ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Event.of(SIGNER, 1L << 53, 1, List.of(), ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Event.of(SIGNER, 1, 65_536, List.of(), ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tag(List.of()));
    }

    /// Stored data depends on these; the figures come from coreutils' sha256sum.
    @Test
    void tagHashesAreTheBeginningOfSha256() {
        assertThat(Long.toHexString(TagHash.of('t', "nostr"))).isEqualTo(TAG_HASH);
        assertThat(HexFormat.of().formatHex(TagHash.ofIdentifier("")))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Event event = tagged(
                Tag.of("t", "nostr"),
                Tag.of("t", "nostr", "x"),
                Tag.of("t"),
                Tag.of("title", "nostr"),
                Tag.of("T", "a"));
        assertThat(TagHash.all(event)).containsExactly(TagHash.of('t', "nostr"), TagHash.of('T', "a"));
    }

    private static final String TAG_HASH = "12fe99b0130d1b24";

    private static Event tagged(Tag... tags) {
        return Event.of(SIGNER, 1, 30_023, List.of(tags), "");
    }

    private static SchnorrSigner signer() {
        byte[] secret = new byte[32];
        new Random(1).nextBytes(secret);
        return new SchnorrSigner(secret);
    }
}
