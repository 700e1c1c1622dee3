package dev.rookery.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.message.RelayMessages;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OutboundTests {

    /// A transport that takes nothing until it is told to.
    private static final class Stuck extends ChannelOutboundHandlerAdapter {

        private final List<ChannelPromise> held = new ArrayList<>();
        private int flushes;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ((ByteBuf) message).release();
            held.add(promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
        }

        void takeAll() {
            held.forEach(ChannelPromise::setSuccess);
            held.clear();
        }
    }

    private static final AddressBlock NOWHERE = new AddressBlock(false, 0);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Stuck transport = new Stuck();
    private final EmbeddedChannel channel = new OneTurn(transport);
    private final Outbound out = new Outbound(channel, new OutboundLimits(10_000, 1_000, Duration.ofSeconds(1)));

    @Test
    void flushesOncePerTurn() {
        for (int i = 0; i < 5; i++) {
            out.eose("a");
        }
        assertThat(transport.held).isEmpty();
        channel.runPendingTasks();
        assertThat(transport.held).hasSize(1);
        assertThat(transport.flushes).isEqualTo(1);
        channel.runPendingTasks();
        assertThat(transport.flushes).isEqualTo(1);
    }

    @Test
    void flushesWhatIsWrittenWhileAFlushIsNoticed() {
        out.eose("a");
        out.whenFlushed(() -> out.eose("b"));
        channel.runPendingTasks();
        transport.takeAll();
        channel.runPendingTasks();
        assertThat(transport.held).hasSize(1);
        assertThat(transport.flushes).isEqualTo(2);
    }

    @Test
    void countsWhatTheTransportHasNotTaken() {
        List<String> heard = new ArrayList<>();
        out.whenFlushed(() -> heard.add("nothing written"));
        out.event(RelayMessages.eventPrefix("a"), new byte[5_000]);
        out.whenFlushed(() -> heard.add("event"));
        assertThat(heard).containsExactly("nothing written");
        assertThat(out.pendingBytes()).isEqualTo(4 + 13 + 5_000 + 1);
        channel.runPendingTasks();
        assertThat(heard).hasSize(1);
        transport.takeAll();
        assertThat(heard).containsExactly("nothing written", "event");
        assertThat(out.pendingBytes()).isZero();
    }

    @Test
    void cutsOffWhoeverDoesNotRead() {
        for (int i = 0; i < 3; i++) {
            out.event(RelayMessages.eventPrefix("a"), new byte[4_500]);
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(out.isOpen()).isFalse();
        out.eose("a");
        assertThat(transport.held).hasSizeLessThanOrEqualTo(7);
    }

    /// One event may match as many subscriptions as a client has; it takes its memory once.
    @Test
    void doesNotCutOffAClientForTheSameEventSeveralTimes() {
        byte[] large = new byte[4_500];
        for (int i = 0; i < 16; i++) {
            out.event(RelayMessages.eventPrefix("a" + i), large);
        }
        channel.runPendingTasks();
        assertThat(out.isOpen()).isTrue();
        assertThat(out.pendingBytes()).isGreaterThan(16 * 4_500);
        transport.takeAll();
        assertThat(out.pendingBytes()).isZero();
        for (int i = 0; i < 3; i++) {
            out.event(RelayMessages.eventPrefix("a"), new byte[4_500]);
        }
        channel.runPendingTasks();
        assertThat(out.isOpen()).as("after other events that were not taken").isFalse();
    }

    @Test
    void cutsOffWhoeverLetsFramesOfOneEventPileUp() {
        byte[] large = new byte[4_500];
        for (int i = 0; i < 40 && out.isOpen(); i++) {
            out.event(RelayMessages.eventPrefix("a" + i), large);
            channel.runPendingTasks();
        }
        assertThat(out.isOpen()).isFalse();
    }

    @Test
    void putsALargeEventWhereTheTransportTakesItOnceForAllRecipients() {
        List<ByteBuf> written = new ArrayList<>();
        EmbeddedChannel recipients = new OneTurn(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                written.add((ByteBuf) message);
            }
        });
        LoopShare shared = shared(recipients);
        byte[] large = "x".repeat(5_000).getBytes(UTF_8);
        for (int i = 0; i < 2; i++) {
            new Outbound(recipients, NOWHERE, shared, null).event(RelayMessages.eventPrefix("a"), large);
        }
        recipients.runPendingTasks();
        List<ByteBuf> bodies = written.stream()
                .filter(part -> part.readableBytes() == large.length)
                .toList();
        assertThat(bodies).hasSize(2).allMatch(ByteBuf::isDirect);
        assertThat(bodies.getFirst().memoryAddress()).isEqualTo(bodies.getLast().memoryAddress());
        assertThat(bodies.getFirst().release())
                .as("nobody refers to it any more")
                .isFalse();
        assertThat(bodies.getLast().release())
                .as("nobody refers to it any more")
                .isTrue();
    }

    /// Many that take a little now and then hold much together.
    @Test
    void cutsOffThoseWhoHoldMostOfTheAddressThatHoldsMostWhereAllHoldTooMuch() {
        Backlogs backlogs = new Backlogs(100_000, meters);
        AddressBlock crowded = new AddressBlock(false, 1);
        List<EmbeddedChannel> crowd =
                List.of(behind(backlogs, crowded, 4), behind(backlogs, crowded, 6), behind(backlogs, crowded, 5));
        assertThat(crowd).allMatch(EmbeddedChannel::isOpen);
        EmbeddedChannel other = behind(backlogs, NOWHERE, 8);
        crowd.forEach(EmbeddedChannel::runPendingTasks);

        assertThat(crowd).map(EmbeddedChannel::isOpen).containsExactly(true, false, true);
        assertThat(other.isOpen()).isTrue();
    }

    /// A client that takes nothing of so many events, of 5,000 bytes each.
    private static EmbeddedChannel behind(Backlogs backlogs, AddressBlock address, int events) {
        EmbeddedChannel stuck = new OneTurn(new Stuck());
        Outbound sender = new Outbound(stuck, address, shared(stuck, backlogs), null);
        for (int i = 0; i < events; i++) {
            sender.event(RelayMessages.eventPrefix("a"), new byte[5_000]);
        }
        stuck.runPendingTasks();
        return stuck;
    }

    @Test
    void countsWhatGoesToManyOnceAndNothingThatIsTaken() {
        LoopShare shared = shared(channel, new Backlogs(100_000, meters));
        byte[] large = new byte[50_000];
        for (int i = 0; i < 3; i++) {
            new Outbound(channel, NOWHERE, shared, null).event(RelayMessages.eventPrefix("a"), large);
        }
        channel.runPendingTasks();
        assertThat(pending()).isBetween(50_000.0, 50_100.0);

        transport.takeAll();
        assertThat(pending()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    private double pending() {
        return meters.get("rookery.gateway.outbound.pending.bytes").gauge().value();
    }

    /// The transport takes nothing before it is flushed: what one turn writes says nothing of the client.
    @Test
    void doesNotCutOffAClientThatReadsHoweverMuchOneTurnWrites() {
        Reading reads = new Reading();
        EmbeddedChannel taking = new OneTurn(reads);
        Outbound sender = new Outbound(taking, new OutboundLimits(100_000, 1_000, Duration.ofSeconds(1)));
        byte[] large = new byte[5_000];
        for (int i = 0; i < 400; i++) {
            sender.event(RelayMessages.eventPrefix("a"), large);
            sender.eose("a");
        }
        assertThat(taking.isOpen()).isTrue();
        taking.runPendingTasks();
        assertThat(sender.pendingBytes()).isZero();
        assertThat(reads.mostAtOnce).isLessThan(64 * 1024 + 2 * 5_000);
        assertThat(reads.flushes).as("few").isLessThan(40);
    }

    /// A transport that takes everything with each flush, as that of a client which reads.
    private static final class Reading extends ChannelOutboundHandlerAdapter {

        private final List<ChannelPromise> held = new ArrayList<>();
        private int bytes;
        private int mostAtOnce;
        private int flushes;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            bytes += ((ByteBuf) message).readableBytes();
            ((ByteBuf) message).release();
            held.add(promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            mostAtOnce = Math.max(mostAtOnce, bytes);
            bytes = 0;
            List<ChannelPromise> taken = List.copyOf(held);
            held.clear();
            taken.forEach(ChannelPromise::setSuccess);
        }
    }

    /// An event of 512 KiB takes a slow line longer than a client may take nothing.
    @Test
    void countsWhatIsTakenOfAWriteThatIsNotComplete() {
        EmbeddedChannel slow = new OneTurn(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                // The test plays the transport.
            }
        });
        Outbound sender = new Outbound(slow, OutboundLimits.DEFAULT);
        sender.event(RelayMessages.eventPrefix("a"), new byte[60_000]);
        slow.runPendingTasks();
        ChannelOutboundBuffer underWay = Objects.requireNonNull(slow.unsafe().outboundBuffer());
        underWay.addFlush();
        underWay.remove();
        long head = sender.takenBytes();
        underWay.progress(10_000);
        assertThat(sender.takenBytes()).isEqualTo(head + 10_000);
        underWay.progress(20_000);
        assertThat(sender.takenBytes()).isEqualTo(head + 30_000);
        underWay.remove();
        assertThat(sender.takenBytes()).isEqualTo(head + 60_000);
        slow.close();
        assertThat(sender.takenBytes()).isGreaterThanOrEqualTo(head + 60_000);
    }

    @Test
    void writesTheSameFrameWhetherAnEventIsCopiedOrReferredTo() {
        for (int length : new int[] {2, 100, 112, 4_095, 4_096, 65_000, 70_000}) {
            EmbeddedChannel taking = new EmbeddedChannel();
            Outbound sender = new Outbound(taking, OutboundLimits.DEFAULT);
            byte[] json = "x".repeat(length).getBytes(UTF_8);
            sender.event(RelayMessages.eventPrefix("a"), json);
            taking.runPendingTasks();
            ByteBuf sent = Unpooled.buffer();
            for (ByteBuf part = taking.readOutbound(); part != null; part = taking.readOutbound()) {
                sent.writeBytes(part);
                part.release();
            }
            ByteBuf expected = Unpooled.buffer();
            String message = "[\"EVENT\",\"a\"," + "x".repeat(length) + "]";
            FrameHead.write(expected, FrameHead.TEXT, message.length());
            expected.writeCharSequence(message, UTF_8);
            assertThat(sent).isEqualTo(expected);
        }
    }

    /// What is queued, and counted, is what goes over the wire; whoever inflates it has the message.
    @Test
    void compressesWhereThatWasAgreedOn() throws Exception {
        for (int length : new int[] {100, 300, 5_000, 70_000, 400_000}) {
            EmbeddedChannel taking = new EmbeddedChannel();
            Deflation deflation = new Deflation(true);
            Outbound sender = new Outbound(taking, NOWHERE, shared(taking), deflation);
            byte[] json = ("{\"content\":\"" + "0123456789 \u00e9".repeat(length / 12) + "\"}").getBytes(UTF_8);
            sender.event(RelayMessages.eventPrefix("a"), json);
            sender.event(RelayMessages.eventPrefix("b"), json);
            sender.eose("a");
            sender.notice("x".repeat(length));
            long counted = sender.pendingBytes() + sender.takenBytes();
            taking.runPendingTasks();
            ByteBuf sent = Unpooled.buffer();
            for (ByteBuf part = taking.readOutbound(); part != null; part = taking.readOutbound()) {
                sent.writeBytes(part);
                part.release();
            }
            assertThat(sent.readableBytes()).isEqualTo(counted);
            boolean compressed = length >= 300;
            String text = new String(json, UTF_8);
            assertThat(message(sent, compressed)).isEqualTo("[\"EVENT\",\"a\"," + text + "]");
            assertThat(message(sent, compressed)).isEqualTo("[\"EVENT\",\"b\"," + text + "]");
            assertThat(message(sent, false)).isEqualTo("[\"EOSE\",\"a\"]");
            assertThat(message(sent, compressed)).isEqualTo("[\"NOTICE\",\"" + "x".repeat(length) + "\"]");
            assertThat(sent.isReadable()).isFalse();
            deflation.end();
        }
    }

    private static LoopShare shared(EmbeddedChannel channel) {
        return shared(channel, Backlogs.unbounded());
    }

    private static LoopShare shared(EmbeddedChannel channel, Backlogs backlogs) {
        return new LoopShare(
                OutboundLimits.DEFAULT, OutboundMeter.uncounted(), new Turn(channel.eventLoop()), backlogs);
    }

    private static String message(ByteBuf sent, boolean compressed) throws Exception {
        assertThat(sent.readUnsignedByte()).isEqualTo((short) (compressed ? 0xC1 : 0x81));
        int length = sent.readUnsignedByte();
        length = length == 126 ? sent.readUnsignedShort() : length == 127 ? (int) sent.readLong() : length;
        byte[] payload = new byte[length];
        sent.readBytes(payload);
        return new String(compressed ? DeflationTests.inflated(payload) : payload, UTF_8);
    }

    @Test
    void saysGoodbyeAndCutsWhoeverDoesNotAnswer() {
        out.close(1001, "\u00e9".repeat(100));
        assertThat(out.isOpen()).isFalse();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(2, java.util.concurrent.TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void keepsCloseReasonsWithinAControlFrame() {
        EmbeddedChannel taking = new EmbeddedChannel();
        new Outbound(taking, OutboundLimits.DEFAULT).close(1001, "\u00e9".repeat(100));
        ByteBuf frame = taking.readOutbound();
        assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x88);
        assertThat(frame.readUnsignedByte()).isEqualTo((short) (2 + 122));
        assertThat(frame.readUnsignedShort()).isEqualTo(1001);
        assertThat(frame.toString(UTF_8)).isEqualTo("\u00e9".repeat(61));
        frame.release();
    }
}
