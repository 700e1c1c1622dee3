package dev.rookery.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.message.RelayMessages;
import dev.rookery.scenario.RealEvents;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the gateway's own code spends on sending a real event of 950 bytes to one of its recipients, up to where the
/// operating system takes over, and on inflating one that comes. In the package of what it measures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CompressionBenchmark {

    private static final AddressBlock NOWHERE = new AddressBlock(false, 0);
    private static final int DELIVERIES = 200;

    @Param
    public Compression compression = Compression.NONE;

    private final List<byte[]> events = RealEvents.json();
    private final List<byte[]> messages = new ArrayList<>();
    private final List<Outbound> recipients = new ArrayList<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final byte[] prefix = RelayMessages.eventPrefix("sub:12");
    private Deflation deflation = new Deflation(false);
    private int next;

    /// Bytes that went to the transport, summed up over an iteration: divided by `deliveries` the size of one.
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Sent {
        public long bytes;
        public long deliveries;
    }

    /// Takes all there is at once.
    private static final class Transport extends ChannelOutboundHandlerAdapter {

        private final List<ChannelPromise> written = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ((ByteBuf) message).release();
            written.add(promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            List<ChannelPromise> taken = List.copyOf(written);
            written.clear();
            taken.forEach(ChannelPromise::setSuccess);
        }
    }

    /// Runs its tasks when it is told to.
    private static final class OneTurn extends EmbeddedChannel {

        OneTurn() {
            super(new Transport());
        }

        @Override
        public ChannelFuture write(Object message) {
            return pipeline().write(message);
        }

        @Override
        public Channel flush() {
            pipeline().flush();
            return this;
        }
    }

    @Setup
    public void connect() {
        boolean compressed = compression != Compression.NONE;
        deflation = new Deflation(compression == Compression.ALL);
        for (int i = 0; i < DELIVERIES; i++) {
            EmbeddedChannel channel = new OneTurn();
            channels.add(channel);
            var shared = new LoopShare(
                    OutboundLimits.DEFAULT,
                    OutboundMeter.uncounted(),
                    new Turn(channel.eventLoop()),
                    Backlogs.unbounded());
            recipients.add(new Outbound(channel, NOWHERE, shared, compressed ? deflation : null));
        }
        for (byte[] event : events) {
            messages.add(compressed ? deflated(event) : event);
        }
    }

    private static byte[] deflated(byte[] event) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(("[\"EVENT\"," + new String(event, UTF_8) + "]").getBytes(UTF_8));
        byte[] room = new byte[event.length * 2 + 100];
        int length = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(room, length - 4);
    }

    private int advance() {
        next = next + 1 == events.size() ? 0 : next + 1;
        return next;
    }

    /// One event to 200 connections of an event loop, each with its own write to the transport.
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void live(Sent sent) {
        byte[] event = events.get(advance());
        for (int i = 0; i < DELIVERIES; i++) {
            Outbound recipient = recipients.get(i);
            long before = recipient.takenBytes();
            recipient.event(prefix, event);
            channels.get(i).runPendingTasks();
            sent.bytes += recipient.takenBytes() - before;
        }
        sent.deliveries += DELIVERIES;
    }

    /// 200 stored events to one connection.
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void stored(Sent sent) {
        Outbound recipient = recipients.getFirst();
        long before = recipient.takenBytes();
        for (int i = 0; i < DELIVERIES; i++) {
            recipient.event(prefix, events.get(advance()));
        }
        channels.getFirst().runPendingTasks();
        sent.bytes += recipient.takenBytes() - before;
        sent.deliveries += DELIVERIES;
    }

    /// An event that a client publishes, once it is put together.
    @Benchmark
    public Object received() {
        byte[] message = messages.get(advance());
        return compression != Compression.NONE ? deflation.inflated(message, message.length, 1 << 20) : message;
    }
}
