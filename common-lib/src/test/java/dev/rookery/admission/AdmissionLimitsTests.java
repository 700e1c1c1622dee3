package dev.rookery.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Event;
import dev.rookery.event.Tag;
import dev.rookery.message.Verdict;
import dev.rookery.signature.SchnorrSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AdmissionLimitsTests {

    private static final long NOW = 1_700_000_000;
    private static final SchnorrSigner SIGNER = signer();

    private final AdmissionCheck check =
            new AdmissionLimits(5, 3, Instant.ofEpochSecond(1_000), Duration.ofSeconds(900), Set.of(4), 0).check();

    @Test
    void takesOrdinaryEvents() {
        assertThat(refusal(NOW, 1, List.of(), "hello")).isNull();
        assertThat(AdmissionLimits.DEFAULT.check().refuse(event(NOW, 1, List.of(), "hello"), NOW))
                .isEmpty();
    }

    /// Code points, not bytes or UTF-16.
    @Test
    void boundsTheContentInCodePoints() {
        assertThat(refusal(NOW, 1, List.of(), "\uD83D\uDE00".repeat(5))).isNull();
        assertThat(refusal(NOW, 1, List.of(), "\uD83D\uDE00".repeat(6)))
                .isEqualTo("invalid: content is longer than 5 characters");
        assertThat(refusal(NOW, 1, List.of(), "\u0000".repeat(5))).isNull();
        assertThat(refusal(NOW, 1, List.of(), "\u0000".repeat(6))).startsWith("invalid: ");
    }

    @Test
    void boundsTheTags() {
        assertThat(refusal(NOW, 1, Collections.nCopies(3, Tag.of("t")), "")).isNull();
        assertThat(refusal(NOW, 1, Collections.nCopies(4, Tag.of("t")), "")).isEqualTo("invalid: more than 3 tags");
    }

    @Test
    void takesBothEndsOfTheTimeWindow() {
        assertThat(refusal(NOW + 900, 1, List.of(), "")).isNull();
        assertThat(refusal(NOW + 901, 1, List.of(), "")).isEqualTo("invalid: created_at too late, rejected");
        assertThat(refusal(Event.LATEST, 1, List.of(), "")).isEqualTo("invalid: created_at too late, rejected");
        assertThat(refusal(1_000, 1, List.of(), "")).isNull();
        assertThat(refusal(999, 1, List.of(), "")).isEqualTo("invalid: created_at too early, rejected");
    }

    @Test
    void refusesKindsThatAreNotTaken() {
        assertThat(refusal(NOW, 4, List.of(), "")).isEqualTo("blocked: kind 4 is not taken here");
    }

    @Test
    void refusesCredentials() {
        assertThat(refusal(NOW, 22_242, List.of(), "")).startsWith("invalid: ");
        assertThat(refusal(NOW, 27_235, List.of(), "")).startsWith("invalid: ");
    }

    @Test
    void refusesWhatHasExpired() {
        assertThat(refusal(NOW, 20_001, List.of(Tag.of("expiration", "" + NOW)), ""))
                .isEqualTo("invalid: event expired");
        assertThat(refusal(NOW, 1, List.of(Tag.of("expiration", "" + (NOW + 1))), ""))
                .isNull();
    }

    /// NIP-13: "000000000e9d..." has 36 leading zero bits, "002f..." has 10.
    @Test
    void countsLeadingZeroBits() {
        assertThat(ProofOfWorkCheck.difficulty(id("000000000e9d"))).isEqualTo(36);
        assertThat(ProofOfWorkCheck.difficulty(id("002f"))).isEqualTo(10);
        assertThat(ProofOfWorkCheck.difficulty(id("ff"))).isZero();
        assertThat(ProofOfWorkCheck.difficulty(new byte[32])).isEqualTo(256);
    }

    @Test
    void asksForWorkButNotOfWhoVanishes() {
        Event easy = mined(NOW, 4);
        int difficulty = ProofOfWorkCheck.difficulty(easy.id().toBytes());
        assertThat(new ProofOfWorkCheck(difficulty).refuse(easy, NOW)).isEmpty();
        assertThat(new ProofOfWorkCheck(0).refuse(easy, NOW)).isEmpty();
        assertThat(new ProofOfWorkCheck(difficulty + 1).refuse(easy, NOW).map(Verdict::message))
                .contains("pow: difficulty " + difficulty + " is less than " + (difficulty + 1));
        Event vanish = event(NOW, 62, List.of(Tag.of("relay", "ALL_RELAYS")), "");
        assertThat(new ProofOfWorkCheck(200).refuse(vanish, NOW)).isEmpty();
    }

    @Test
    void refusesARequestToVanishFromNowhere() {
        assertThat(refusal(NOW, 62, List.of(), "")).startsWith("invalid: ");
        assertThat(refusal(NOW, 62, List.of(Tag.of("relay", "wss://a")), "")).isNull();
    }

    private static Event mined(long createdAt, int bits) {
        for (int nonce = 0; ; nonce++) {
            Event event = event(createdAt, 1, List.of(Tag.of("nonce", "" + nonce, "" + bits)), "");
            if (ProofOfWorkCheck.difficulty(event.id().toBytes()) >= bits) {
                return event;
            }
        }
    }

    private static byte[] id(String start) {
        return HexFormat.of().parseHex((start + "f".repeat(64)).substring(0, 64));
    }

    private String refusal(long createdAt, int kind, List<Tag> tags, String content) {
        return check.refuse(event(createdAt, kind, tags, content), NOW)
                .map(Verdict::message)
                .orElse(null);
    }

    private static Event event(long createdAt, int kind, List<Tag> tags, String content) {
        return Event.of(SIGNER, createdAt, kind, tags, content);
    }

    private static SchnorrSigner signer() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        return new SchnorrSigner(secret);
    }
}
