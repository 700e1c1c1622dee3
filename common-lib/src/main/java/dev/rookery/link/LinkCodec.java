package dev.rookery.link;

import dev.rookery.link.LinkFrame.Cancel;
import dev.rookery.link.LinkFrame.Completeness;
import dev.rookery.link.LinkFrame.Count;
import dev.rookery.link.LinkFrame.Counted;
import dev.rookery.link.LinkFrame.Credit;
import dev.rookery.link.LinkFrame.Deliver;
import dev.rookery.link.LinkFrame.End;
import dev.rookery.link.LinkFrame.Failed;
import dev.rookery.link.LinkFrame.Failure;
import dev.rookery.link.LinkFrame.Heartbeat;
import dev.rookery.link.LinkFrame.Page;
import dev.rookery.link.LinkFrame.Placed;
import dev.rookery.link.LinkFrame.Query;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.link.LinkFrame.Range;
import dev.rookery.link.LinkFrame.RangePage;
import dev.rookery.link.LinkFrame.Reconcile;
import dev.rookery.link.LinkFrame.ReconcileOn;
import dev.rookery.link.LinkFrame.Reconciled;
import dev.rookery.link.LinkFrame.Refused;
import dev.rookery.link.LinkFrame.Register;
import dev.rookery.link.LinkFrame.Registered;
import dev.rookery.link.LinkFrame.Status;
import dev.rookery.link.LinkFrame.Statuses;
import dev.rookery.link.LinkFrame.Unregister;
import dev.rookery.order.Decision;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The bytes of link frames: one for what it is, then its parts in the order of the record. Numbers are big-endian,
/// and arrays, texts and lists are preceded by their length in four bytes. Codes are never given again.
public final class LinkCodec {

    /// Where links are opened on a service's port.
    public static final String PATH = "/link";

    /// The longest filters, as JSON, that a gateway sends. Every service reads frames with filters of this length,
    /// because one that is too long would end the link, and with it what all others have registered on it.
    public static final int LONGEST_FILTERS = 1 << 20;

    private LinkCodec() {}

    public static byte[] encode(LinkFrame frame) {
        return switch (frame) {
            case LinkFrame.FromGateway request -> encodeRequest(request).toBytes();
            case LinkFrame.ToGateway answer -> encodeAnswer(answer).toBytes();
        };
    }

    private static FrameSink encodeRequest(LinkFrame.FromGateway frame) {
        return switch (frame) {
            case Register(var handle, var filters) ->
                sink(1, handle, filters.length).array(filters);
            case Unregister(var handle) -> sink(2, handle, 0);
            case Credit(var request, var bytes) -> sink(3, request, 8).longNumber(bytes);
            case Query(var request, var atLeast, var credit, var filters, var viewers, var completeness) -> {
                FrameSink sink = sink(4, request, 41 + filters.length + 32 * viewers.size());
                yield sink.position(atLeast)
                        .longNumber(credit)
                        .array(filters)
                        .list(viewers, sink::bytes32)
                        .code(completeness ? 1 : 0);
            }
            case Range(var request, var after, var upTo, var credit) ->
                sink(5, request, 40).position(after).position(upTo).longNumber(credit);
            case Status(var request, var atLeast, var questions) -> {
                FrameSink sink = sink(6, request, 24 + 80 * questions.size());
                yield sink.position(atLeast).list(questions, question -> writeQuestion(sink, question));
            }
            case Cancel(var request) -> sink(7, request, 0);
            case Count(var request, var atLeast, var filters, var viewers) -> {
                FrameSink sink = sink(8, request, 32 + filters.length + 32 * viewers.size());
                yield sink.position(atLeast).array(filters).list(viewers, sink::bytes32);
            }
            case Reconcile(var request, var atLeast, var filters, var viewers, var message) -> {
                FrameSink sink = sink(9, request, 36 + filters.length + 32 * viewers.size() + message.length);
                yield sink.position(atLeast)
                        .array(filters)
                        .list(viewers, sink::bytes32)
                        .array(message);
            }
            case ReconcileOn(var request, var message) ->
                sink(10, request, 4 + message.length).array(message);
        };
    }

    private static FrameSink encodeAnswer(LinkFrame.ToGateway frame) {
        return switch (frame) {
            case Registered(var handle, var seen) -> sink(20, handle, 16).position(seen);
            case Deliver(var position, var handles, var event) ->
                new FrameSink(32 + 4 * handles.length + event.length)
                        .code(21)
                        .position(position)
                        .numbers(handles)
                        .array(event);
            case Heartbeat(var applied) -> new FrameSink(17).code(22).position(applied);
            case Refused(var handle, var reason) ->
                sink(23, handle, 4 + reason.length()).text(reason);
            case Page(var request, var snapshot, var events) -> {
                int size = events.stream().mapToInt(event -> event.length + 4).sum();
                FrameSink sink = sink(30, request, 20 + size);
                yield sink.position(snapshot).list(events, sink::array);
            }
            case RangePage(var request, var events) -> {
                int size = events.stream()
                        .mapToInt(placed -> placed.event().length + 12)
                        .sum();
                FrameSink sink = sink(31, request, 4 + size);
                yield sink.list(events, placed -> sink.longNumber(placed.seq()).array(placed.event()));
            }
            case End end -> encodeEnd(end);
            case Failed(var request, var failure, var reason) ->
                sink(33, request, 5 + reason.length()).code(failure.code()).text(reason);
            case Statuses(var request, var at, var decisions) -> {
                FrameSink sink = sink(34, request, 20 + decisions.size());
                yield sink.position(at).list(decisions, decision -> sink.code(decision.code()));
            }
            case Counted(var request, var at, var count, var registers) ->
                sink(35, request, 28 + registers.length)
                        .position(at)
                        .longNumber(count)
                        .array(registers);
            case Reconciled(var request, var message) ->
                sink(36, request, 4 + message.length).array(message);
        };
    }

    private static FrameSink encodeEnd(End end) {
        int completeness = end.completeness().code();
        return sink(32, end.request(), 17).position(end.snapshot()).code(completeness);
    }

    /// @throws IllegalArgumentException when the bytes are not those of a frame that this release can read
    public static LinkFrame decode(ByteBuffer bytes) {
        try {
            LinkFrame frame = decode(new FrameBytes(bytes));
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException("link frame with " + bytes.remaining() + " bytes too many");
            }
            return frame;
        } catch (BufferUnderflowException cutShort) {
            throw new IllegalArgumentException("link frame cut short", cutShort);
        }
    }

    private static LinkFrame decode(FrameBytes in) {
        byte code = in.code();
        return switch (code) {
            case 1 -> new Register(in.number(), in.array());
            case 2 -> new Unregister(in.number());
            case 3 -> new Credit(in.number(), in.longNumber());
            case 4 ->
                new Query(
                        in.number(),
                        in.position(),
                        in.longNumber(),
                        in.array(),
                        in.list(32, in::bytes32),
                        in.code() != 0);
            case 5 -> new Range(in.number(), in.position(), in.position(), in.longNumber());
            case 6 -> new Status(in.number(), in.position(), in.list(48, () -> readQuestion(in)));
            case 7 -> new Cancel(in.number());
            case 8 -> new Count(in.number(), in.position(), in.array(), in.list(32, in::bytes32));
            case 9 -> new Reconcile(in.number(), in.position(), in.array(), in.list(32, in::bytes32), in.array());
            case 10 -> new ReconcileOn(in.number(), in.array());
            case 20 -> new Registered(in.number(), in.position());
            case 21 -> new Deliver(in.position(), in.numbers(), in.array());
            case 22 -> new Heartbeat(in.position());
            case 23 -> new Refused(in.number(), in.text());
            case 30 -> new Page(in.number(), in.position(), in.list(4, in::array));
            case 31 -> new RangePage(in.number(), in.list(12, () -> new Placed(in.longNumber(), in.array())));
            case 32 -> new End(in.number(), in.position(), Completeness.ofCode(in.code()));
            case 33 -> new Failed(in.number(), Failure.ofCode(in.code()), in.text());
            case 34 -> new Statuses(in.number(), in.position(), in.list(1, () -> Decision.ofCode(in.code())));
            case 35 -> new Counted(in.number(), in.position(), in.longNumber(), in.array());
            case 36 -> new Reconciled(in.number(), in.array());
            default -> throw new IllegalArgumentException("link frame of unknown kind " + code);
        };
    }

    private static FrameSink sink(int code, int number, int more) {
        return new FrameSink(5 + more).code(code).number(number);
    }

    private static void writeQuestion(FrameSink sink, Question question) {
        sink.bytes32(question.id())
                .text(question.topic())
                .number(question.partition())
                .longNumber(question.offset());
    }

    private static Question readQuestion(FrameBytes in) {
        return new Question(in.bytes32(), in.text(), in.number(), in.longNumber());
    }
}
