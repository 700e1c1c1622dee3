package dev.rookery.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.message.RelayMessages;
import dev.rookery.scenario.RealEvents;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DeflationTests {

    private static final int LIMIT = 10_000;

    private final Deflation deflation = new Deflation(true);

    @AfterEach
    void end() {
        deflation.end();
    }

    /// What a client makes of it: the end that was left out is put there again (RFC 7692, 7.2.2).
    static byte[] inflated(byte[] payload) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        byte[] whole = Arrays.copyOf(payload, payload.length + 4);
        whole[payload.length + 2] = -1;
        whole[payload.length + 3] = -1;
        inflater.setInput(whole);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] room = new byte[8192];
        for (int count = inflater.inflate(room); count > 0; count = inflater.inflate(room)) {
            text.write(room, 0, count);
        }
        assertThat(inflater.getRemaining()).isZero();
        inflater.end();
        return text.toByteArray();
    }

    /// As a client sends it.
    static byte[] deflated(byte[] text, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(text);
        byte[] room = new byte[text.length + text.length / 16 + 100];
        int length = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(room, length - 4);
    }

    private String read(byte[] payload) {
        return switch (deflation.inflated(payload, payload.length, LIMIT)) {
            case Frame.Text(byte[] message) -> new String(message, UTF_8);
            case Frame.Broken(int code, String reason) -> "broken " + code;
            default -> "something else";
        };
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// RFC 7692, 7.2.3: one block, one that is stored, a final one, two blocks, an empty message.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f248cdc9c90700",
                "000500faff48656c6c6f00",
                "f348cdc9c9070000",
                "f248050000 00ffffcac9c90700",
            })
    void readsTheExamplesOfTheStandard(String hex) {
        assertThat(read(HexFormat.of().parseHex(hex.replace(" ", "")))).isEqualTo("Hello");
    }

    @Test
    void readsAnEmptyMessage() {
        assertThat(read(new byte[1])).isEmpty();
    }

    @Test
    void readsWhatAnyClientMakesOfRealEvents() {
        for (byte[] json : RealEvents.json()) {
            for (int level : new int[] {0, 1, 9}) {
                if (json.length <= LIMIT) {
                    assertThat(read(deflated(json, level))).isEqualTo(new String(json, UTF_8));
                }
            }
        }
    }

    @Test
    void eventsComeToEveryRecipientAsTheyAre() throws Exception {
        long saved = 0;
        for (byte[] json : RealEvents.json()) {
            for (String subscription : new String[] {"a", "\u00e9\"".repeat(32)}) {
                byte[] prefix = RelayMessages.eventPrefix(subscription);
                byte[] deflated = deflation.event(json);
                if (deflated != null) {
                    byte[] payload = concatenated(Deflation.stored(prefix), deflated);
                    byte[] message = concatenated(concatenated(prefix, json), new byte[] {']'});
                    assertThat(inflated(payload)).isEqualTo(message);
                    assertThat(payload.length).isLessThan(message.length);
                    saved += message.length - payload.length;
                }
            }
        }
        assertThat(saved).isPositive();
    }

    @Test
    void anEventIsCompressedOnceForAllItsRecipients() {
        byte[] json = "{\"content\":\"word\"}".repeat(100).getBytes(UTF_8);
        byte[] first = deflation.event(json);
        assertThat(first).isNotNull();
        assertThat(deflation.event(json)).isSameAs(first);
        assertThat(deflation.event(json.clone())).isNotSameAs(first).isEqualTo(first);
    }

    /// Whoever is alone in being sent something gets it as it is.
    @Test
    void mayCompressOnlyWhatGoesToSeveral() {
        Deflation shared = new Deflation(false);
        byte[] json = "{\"content\":\"word\"}".repeat(100).getBytes(UTF_8);
        byte[] other = json.clone();
        assertThat(shared.event(json)).isNull();
        byte[] second = shared.event(json);
        assertThat(second).isNotNull().isEqualTo(deflation.event(json));
        assertThat(shared.event(json)).isSameAs(second);
        assertThat(shared.event(other)).isNull();
        assertThat(shared.message(json)).isNull();
        shared.end();
    }

    @Test
    void messagesComeAsTheyAre() throws Exception {
        for (int length : new int[] {256, 1_000, 65_535, 65_536, 400_000}) {
            byte[] text = "0123456789abcdef "
                    .repeat(length / 17 + 1)
                    .substring(0, length)
                    .getBytes(UTF_8);
            assertThat(inflated(Objects.requireNonNull(deflation.message(text))))
                    .isEqualTo(text);
        }
    }

    @Test
    void leavesAloneWhatIsShortOrGainsNothing() {
        assertThat(deflation.message(new byte[Deflation.FROM_BYTES - 1])).isNull();
        assertThat(deflation.message(new byte[Deflation.FROM_BYTES])).isNotNull();
        long seed = System.nanoTime();
        byte[] noise = new byte[5_000];
        new Random(seed).nextBytes(noise);
        assertThat(deflation.message(noise)).as("seed %d", seed).isNull();
        assertThat(deflation.event(noise)).as("seed %d", seed).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void holdsTheLimitOnTheInflatedSize(int level) {
        byte[] text = "x".repeat(LIMIT).getBytes(UTF_8);
        assertThat(read(deflated(text, level))).hasSize(LIMIT);
        assertThat(read(deflated(Arrays.copyOf(text, LIMIT + 1), level))).isEqualTo("broken 1009");
    }

    /// A gigabyte, in a megabyte that is read no further than the limit.
    @Test
    void inflatesABombNoFurtherThanTheLimit() {
        byte[] megabyte = concatenated(deflated(new byte[1 << 20], 9), new byte[] {0, 0, -1, -1});
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 1024; i++) {
            bomb.writeBytes(megabyte);
        }
        assertThat(bomb.size()).isBetween(900_000, 1_200_000);
        byte[] sent = bomb.toByteArray();
        long before = allocated();
        assertThat(read(sent)).isEqualTo("broken 1009");
        assertThat(allocated() - before).as("bytes allocated").isLessThan(100L * LIMIT);
        assertThat(read(deflated("next".getBytes(UTF_8), 1))).isEqualTo("next");
    }

    private static long allocated() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void tellsWhatIsNoDeflateDataFromWhatIs() {
        byte[] good = deflated("some text, some text and some more".repeat(10).getBytes(UTF_8), 1);
        assertThat(read(new byte[0])).as("nothing at all").isEqualTo("broken 1007");
        assertThat(read(new byte[] {7})).as("no such block").isEqualTo("broken 1007");
        assertThat(read("[\"CLOSE\",\"a\"]".getBytes(UTF_8))).isEqualTo("broken 1007");
        for (int length = 0; length < good.length; length++) {
            assertThat(read(Arrays.copyOf(good, length)))
                    .as("%d of %d bytes", length, good.length)
                    .isEqualTo("broken 1007");
        }
        assertThat(read(HexFormat.of().parseHex("0300".repeat(1_000) + "00")))
                .as("final blocks without end")
                .isEqualTo("broken 1007");
        assertThat(read(good)).startsWith("some text");
    }
}
