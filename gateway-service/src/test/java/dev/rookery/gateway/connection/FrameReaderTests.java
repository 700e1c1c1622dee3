package dev.rookery.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FrameReaderTests {

    private static final int TEXT = 0x1;

    private static void frame(ByteBuf out, boolean last, int opcode, byte[] payload, int key) {
        out.writeByte((last ? 0x80 : 0) | opcode);
        if (payload.length <= 125) {
            out.writeByte(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            out.writeByte(0x80 | 127).writeLong(payload.length);
        }
        out.writeInt(key);
        for (int i = 0; i < payload.length; i++) {
            out.writeByte(payload[i] ^ key >>> 24 - 8 * (i & 3));
        }
    }

    private static List<String> read(FrameReader reader, ByteBuf chunk) {
        List<String> found = new ArrayList<>();
        for (Frame frame = reader.next(chunk); frame != null; frame = reader.next(chunk)) {
            found.add(told(frame));
        }
        return found;
    }

    private static String told(Frame frame) {
        return switch (frame) {
            case Frame.Text(byte[] message) -> "text " + Arrays.hashCode(message) + " " + message.length;
            case Frame.Binary() -> "binary";
            case Frame.Ping(byte[] payload) -> "ping " + Arrays.hashCode(payload);
            case Frame.Pong() -> "pong";
            case Frame.Close(int code) -> "close " + code;
            case Frame.Broken(int code, String reason) -> "broken " + code;
        };
    }

    /// Whatever the fragments, masks, control frames in between and the cuts of the transport: the same messages
    /// come out.
    @Test
    void putsTogetherWhateverWasTakenApart() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            ByteBuf sent = Unpooled.buffer();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                expected.addAll(message(sent, random));
            }
            FrameReader reader = new FrameReader(200_000, null);
            List<String> found = new ArrayList<>();
            while (sent.isReadable()) {
                int cut = random.nextBoolean() ? 1 + random.nextInt(20) : 1 + random.nextInt(100_000);
                found.addAll(read(reader, sent.readSlice(Math.min(cut, sent.readableBytes()))));
            }
            assertThat(found).as("seed %d round %d", seed, round).isEqualTo(expected);
            assertThat(reader.isWaiting()).isFalse();
        }
    }

    private static List<String> message(ByteBuf sent, Random random) {
        int[] sizes = {0, 1, 7, 8, 9, 125, 126, 127, 1000, 65_535, 65_536, 100_000};
        byte[] message = new byte[sizes[random.nextInt(sizes.length)]];
        random.nextBytes(message);
        boolean binary = random.nextInt(5) == 0;
        List<String> expected = new ArrayList<>();
        int at = 0;
        int opcode = binary ? 0x2 : TEXT;
        while (random.nextBoolean()) {
            int next = at + random.nextInt(message.length - at + 1);
            frame(sent, false, opcode, Arrays.copyOfRange(message, at, next), random.nextInt());
            opcode = 0;
            at = next;
            if (random.nextBoolean()) {
                byte[] ping = new byte[random.nextInt(126)];
                frame(sent, true, 0x9, ping, random.nextInt());
                expected.add(told(new Frame.Ping(ping)));
            }
        }
        frame(sent, true, opcode, Arrays.copyOfRange(message, at, message.length), random.nextInt());
        expected.add(told(binary ? new Frame.Binary() : new Frame.Text(message)));
        return expected;
    }

    /// Compressed and plain messages in one stream, in fragments and with control frames in between.
    @Test
    void putsCompressedMessagesTogetherToo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Deflation deflation = new Deflation(true);
        for (int round = 0; round < 300; round++) {
            ByteBuf sent = Unpooled.buffer();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                byte[] text = new byte[random.nextInt(5_000)];
                for (int at = 0; at < text.length; at++) {
                    text[at] = (byte) random.nextInt(4);
                }
                boolean compressed = random.nextBoolean();
                byte[] payload = compressed ? DeflationTests.deflated(text, random.nextInt(10)) : text;
                int cut = random.nextInt(payload.length + 1);
                frame(sent, false, TEXT | (compressed ? 0x40 : 0), Arrays.copyOf(payload, cut), random.nextInt());
                frame(sent, true, 0x9, new byte[3], random.nextInt());
                frame(sent, true, 0, Arrays.copyOfRange(payload, cut, payload.length), random.nextInt());
                expected.add(told(new Frame.Ping(new byte[3])));
                expected.add(told(new Frame.Text(text)));
            }
            FrameReader reader = new FrameReader(5_000, deflation);
            List<String> found = new ArrayList<>();
            while (sent.isReadable()) {
                found.addAll(read(reader, sent.readSlice(Math.min(1 + random.nextInt(3_000), sent.readableBytes()))));
            }
            assertThat(found).as("seed %d round %d", seed, round).isEqualTo(expected);
        }
        deflation.end();
    }

    @Test
    void takesTheSignOfCompressionWhereItMayStandOnly() {
        Deflation deflation = new Deflation(true);
        byte[] empty = new byte[1];
        for (int opcode : new int[] {0x41, 0x42}) {
            ByteBuf sent = Unpooled.buffer();
            frame(sent, true, opcode, empty, 1);
            assertThat(read(new FrameReader(100, null), sent.copy())).containsExactly("broken 1002");
            assertThat(read(new FrameReader(100, deflation), sent))
                    .singleElement()
                    .asString()
                    .doesNotStartWith("broken");
        }
        for (int opcode : new int[] {0x48, 0x49, 0x4A, 0x21, 0x11, 0x61}) {
            ByteBuf sent = Unpooled.buffer();
            frame(sent, true, opcode, new byte[0], 1);
            assertThat(read(new FrameReader(100, deflation), sent))
                    .as("%x", opcode)
                    .containsExactly("broken 1002");
        }
        ByteBuf continued = Unpooled.buffer();
        frame(continued, false, 0x41, new byte[0], 1);
        frame(continued, true, 0x40, empty, 1);
        assertThat(read(new FrameReader(100, deflation), continued)).containsExactly("broken 1002");
        deflation.end();
    }

    /// Eight of the largest messages may come of next to nothing, and again when a second has passed; what is
    /// compressed as text usually is does not count.
    @Test
    void boundsWhatIsInflatedOutOfNothing() {
        Deflation deflation = new Deflation(true);
        FrameReader reader = new FrameReader(10_000, deflation);
        ByteBuf nothing = Unpooled.buffer();
        frame(nothing, true, 0x41, DeflationTests.deflated(new byte[10_000], 9), 1);
        ByteBuf usual = Unpooled.buffer();
        byte[] text = new byte[10_000];
        new Random(1).nextBytes(text);
        frame(usual, true, 0x41, DeflationTests.deflated(text, 1), 1);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 8; i++) {
                assertThat(read(reader, nothing.copy())).first().asString().startsWith("text");
                assertThat(read(reader, usual.copy())).first().asString().startsWith("text");
            }
            reader.forgetExcess();
        }
        for (int i = 0; i < 8; i++) {
            read(reader, nothing.copy());
        }
        assertThat(read(reader, nothing.copy())).containsExactly("broken 1008");
        deflation.end();
    }

    /// Of a message that is compressed somewhat more may come than the limit, but not any amount.
    @Test
    void boundsWhatComesOfACompressedMessageBeforeItIsInflated() {
        Deflation deflation = new Deflation(true);
        ByteBuf sent = Unpooled.buffer();
        frame(sent, false, 0x41, new byte[1_000], 1);
        frame(sent, false, 0, new byte[1_000], 1);
        assertThat(read(new FrameReader(1_000, deflation), sent)).containsExactly("broken 1009");
        deflation.end();
    }

    @Test
    void refusesBeforeItHoldsAnything() {
        ByteBuf head = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 127)
                .writeLong(1L << 40)
                .writeInt(0);
        assertThat(read(new FrameReader(1000, null), head)).containsExactly("broken 1009");
        ByteBuf negative = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 127)
                .writeLong(-1)
                .writeInt(0);
        assertThat(read(new FrameReader(1000, null), negative)).containsExactly("broken 1002");
        ByteBuf notShortest = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 126)
                .writeShort(5)
                .writeInt(0);
        assertThat(read(new FrameReader(1000, null), notShortest)).containsExactly("broken 1002");
    }

    @Test
    void countsBinaryFragmentsToo() {
        ByteBuf sent = Unpooled.buffer();
        frame(sent, false, 0x2, new byte[600], 1);
        frame(sent, false, 0x0, new byte[600], 1);
        assertThat(read(new FrameReader(1000, null), sent)).containsExactly("broken 1009");
    }

    @Test
    void hearsNothingAfterTheEnd() {
        ByteBuf sent = Unpooled.buffer();
        frame(sent, true, 0x8, new byte[0], 1);
        frame(sent, true, TEXT, new byte[10], 1);
        assertThat(read(new FrameReader(1000, null), sent)).containsExactly("close 1005");
        assertThat(sent.isReadable()).isFalse();
    }

    @Test
    void saysWhetherAMessageHasBegun() {
        FrameReader reader = new FrameReader(1000, null);
        ByteBuf sent = Unpooled.buffer();
        frame(sent, false, TEXT, new byte[0], 1);
        assertThat(reader.isWaiting()).isFalse();
        read(reader, sent);
        assertThat(reader.isWaiting()).isTrue();
    }
}
