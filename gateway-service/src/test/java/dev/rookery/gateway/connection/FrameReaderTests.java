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
            FrameReader reader = new FrameReader(200_000);
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

    @Test
    void refusesBeforeItHoldsAnything() {
        ByteBuf head = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 127)
                .writeLong(1L << 40)
                .writeInt(0);
        assertThat(read(new FrameReader(1000), head)).containsExactly("broken 1009");
        ByteBuf negative = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 127)
                .writeLong(-1)
                .writeInt(0);
        assertThat(read(new FrameReader(1000), negative)).containsExactly("broken 1002");
        ByteBuf notShortest = Unpooled.buffer()
                .writeByte(0x81)
                .writeByte(0x80 | 126)
                .writeShort(5)
                .writeInt(0);
        assertThat(read(new FrameReader(1000), notShortest)).containsExactly("broken 1002");
    }

    @Test
    void countsBinaryFragmentsToo() {
        ByteBuf sent = Unpooled.buffer();
        frame(sent, false, 0x2, new byte[600], 1);
        frame(sent, false, 0x0, new byte[600], 1);
        assertThat(read(new FrameReader(1000), sent)).containsExactly("broken 1009");
    }

    @Test
    void hearsNothingAfterTheEnd() {
        ByteBuf sent = Unpooled.buffer();
        frame(sent, true, 0x8, new byte[0], 1);
        frame(sent, true, TEXT, new byte[10], 1);
        assertThat(read(new FrameReader(1000), sent)).containsExactly("close 1005");
        assertThat(sent.isReadable()).isFalse();
    }

    @Test
    void saysWhetherAMessageHasBegun() {
        FrameReader reader = new FrameReader(1000);
        ByteBuf sent = Unpooled.buffer();
        frame(sent, false, TEXT, new byte[0], 1);
        assertThat(reader.isWaiting()).isFalse();
        read(reader, sent);
        assertThat(reader.isWaiting()).isTrue();
    }
}
