package dev.rookery.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class LinkCodecTests {

    private static final Bytes32 KEY = new Bytes32(1, -2, Long.MIN_VALUE, 4);
    private static final Position POSITION = new Position(3, 1L << 40);
    private static final byte[] FILTERS = "[{\"search\":\"λ\"}]".getBytes(UTF_8);

    static Stream<LinkFrame> frames() {
        var question = new LinkFrame.Question(KEY, "nostr.index", 49, 7);
        return Stream.of(
                new LinkFrame.Register(1, FILTERS),
                new LinkFrame.Unregister(-1),
                new LinkFrame.Query(2, POSITION, 1 << 20, FILTERS, List.of(KEY, KEY)),
                new LinkFrame.Query(2, POSITION, 1, FILTERS, List.of(), true),
                new LinkFrame.Range(3, Position.NONE, POSITION, Long.MAX_VALUE),
                new LinkFrame.Status(4, POSITION, List.of(question, question)),
                new LinkFrame.Cancel(5),
                new LinkFrame.Count(13, POSITION, FILTERS, List.of(KEY)),
                new LinkFrame.Reconcile(14, POSITION, FILTERS, List.of(), new byte[] {0x61}),
                new LinkFrame.ReconcileOn(15, new byte[] {0x61, 0}),
                new LinkFrame.Counted(16, POSITION, 1L << 40, new byte[256]),
                new LinkFrame.Reconciled(17, FILTERS),
                new LinkFrame.Credit(LinkFrame.WHOLE_LINK, 99),
                new LinkFrame.Registered(1, POSITION),
                new LinkFrame.Deliver(Position.NONE, new int[] {1, 2, 3}, FILTERS),
                new LinkFrame.Heartbeat(POSITION),
                new LinkFrame.Refused(6, "invalid: ünlesbar"),
                new LinkFrame.Page(7, POSITION, List.of(FILTERS, new byte[0])),
                new LinkFrame.RangePage(8, List.of(new LinkFrame.Placed(9, FILTERS))),
                new LinkFrame.End(10, POSITION),
                new LinkFrame.End(10, POSITION, LinkFrame.Completeness.FINISHED),
                new LinkFrame.End(10, POSITION, LinkFrame.Completeness.MORE),
                new LinkFrame.Failed(11, LinkFrame.Failure.TOO_LARGE, ""),
                new LinkFrame.Statuses(12, POSITION, List.of(Decision.values())));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void readsWhatItWrites(LinkFrame frame) {
        LinkFrame read = LinkCodec.decode(ByteBuffer.wrap(LinkCodec.encode(frame)));

        assertThat(read).usingRecursiveComparison().isEqualTo(frame);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void refusesAFrameThatIsCutShortOrTooLong(LinkFrame frame) {
        byte[] bytes = LinkCodec.encode(frame);

        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cutShort = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
            assertThatIllegalArgumentException().isThrownBy(() -> LinkCodec.decode(cutShort));
        }
        ByteBuffer tooLong = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkCodec.decode(tooLong));
    }

    @Test
    void refusesAnythingElseWithoutAllocatingForIt() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            if (noise.length > 0 && random.nextBoolean()) {
                noise[0] = (byte) (1 + random.nextInt(36));
            }
            try {
                assertThat(LinkCodec.decode(ByteBuffer.wrap(noise))).isNotNull();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }
}
