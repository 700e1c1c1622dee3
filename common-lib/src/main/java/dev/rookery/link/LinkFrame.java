package dev.rookery.link;

import dev.rookery.event.Bytes32;
import dev.rookery.order.Decision;
import dev.rookery.order.Position;
import java.util.List;

/// One binary WebSocket message on a link. Requests and registrations are told apart by numbers that the gateway
/// gives and, for as long as the link lasts, does not use again.
///
/// Event bytes are canonical JSON; filters are the JSON array that `FilterReader` reads. Arrays are never modified.
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
public sealed interface LinkFrame {

    /// The request number that stands for the whole link.
    int WHOLE_LINK = 0;

    /// What a gateway says.
    sealed interface FromGateway extends LinkFrame {}

    /// What a service answers.
    sealed interface ToGateway extends LinkFrame {}

    // --- to broadcast-service

    /// From now on, name this handle with every live event that matches one of the filters.
    record Register(int handle, byte[] filters) implements FromGateway {}

    record Unregister(int handle) implements FromGateway {}

    // --- to query-service

    /// The stored events that match.
    ///
    /// @param atLeast the answer must come from a snapshot at or after this position
    /// @param credit how many bytes of events may be sent before more is granted
    /// @param viewers the keys that the connection has proven
    /// @param completeness whether the end of the answer is to say if it has all that there is
    record Query(
            int request, Position atLeast, long credit, byte[] filters, List<Bytes32> viewers, boolean completeness)
            implements FromGateway {

        public Query(int request, Position atLeast, long credit, byte[] filters, List<Bytes32> viewers) {
            this(request, atLeast, credit, filters, viewers, false);
        }
    }

    /// What is to be delivered of the positions in `(after, upTo]`, which are of one epoch.
    record Range(int request, Position after, Position upTo, long credit) implements FromGateway {}

    /// What became of events whose verdicts have not arrived.
    record Status(int request, Position atLeast, List<Question> questions) implements FromGateway {}

    /// @param topic which log, `partition` and `offset` where in it; no topic when it was not logged, and it is only
    ///     asked whether the event is stored: `DUPLICATE` if it is, else `UNKNOWN`
    record Question(Bytes32 id, String topic, int partition, long offset) {

        public static Question whetherStored(Bytes32 id) {
            return new Question(id, "", 0, 0);
        }
    }

    /// How many stored events match any of the filters.
    record Count(int request, Position atLeast, byte[] filters, List<Bytes32> viewers) implements FromGateway {}

    /// NIP-77: begins a reconciliation with what is stored and matches, answered by `Reconciled` until it is cancelled.
    ///
    /// @param filters one only
    /// @param message the client's first, in the bytes of Negentropy
    record Reconcile(int request, Position atLeast, byte[] filters, List<Bytes32> viewers, byte[] message)
            implements FromGateway {}

    /// The client's next message of a reconciliation, once its last was answered.
    record ReconcileOn(int request, byte[] message) implements FromGateway {}

    record Cancel(int request) implements FromGateway {}

    // --- to both

    /// So many more bytes of events may be sent, for a request or, to broadcast-service, on the whole link.
    record Credit(int request, long bytes) implements FromGateway {}

    // --- from broadcast-service

    /// The registration stands: events after `seen` are matched, events up to it were not.
    record Registered(int handle, Position seen) implements ToGateway {}

    /// A live event, once for all of its recipients.
    ///
    /// @param position `Position.NONE` for an ephemeral event
    record Deliver(Position position, int[] handles, byte[] event) implements ToGateway {}

    /// Everything up to `applied` has been matched, and its deliveries sent. Comes first on a link, then each second.
    record Heartbeat(Position applied) implements ToGateway {}

    /// A registration that is refused or ended. The link goes on.
    record Refused(int handle, String reason) implements ToGateway {}

    // --- from query-service

    /// Stored events, newest first, ties by lowest id.
    record Page(int request, Position snapshot, List<byte[]> events) implements ToGateway {}

    /// Stored events by rising `seq`.
    record RangePage(int request, List<Placed> events) implements ToGateway {}

    record Placed(long seq, byte[] event) {}

    /// The answer is complete; everything in it was read at `snapshot` or later in the same epoch.
    record End(int request, Position snapshot, Completeness completeness) implements ToGateway {

        public End(int request, Position snapshot) {
            this(request, snapshot, Completeness.UNKNOWN);
        }
    }

    record Failed(int request, Failure failure, String reason) implements ToGateway {}

    /// One decision for each question, in their order.
    record Statuses(int request, Position at, List<Decision> decisions) implements ToGateway {}

    /// @param registers NIP-45: 256 of HyperLogLog, a byte each; none where the filters have no place for them
    record Counted(int request, Position at, long count, byte[] registers) implements ToGateway {}

    /// The answer to one message of a reconciliation, which goes on.
    record Reconciled(int request, byte[] message) implements ToGateway {}

    /// Whether an answer has all that is stored, of what its viewers may see. The codes are part of the format.
    enum Completeness {
        /// It was not asked, or could not be found out.
        UNKNOWN(0),
        /// Every event that matches any of the filters was in the answer.
        FINISHED(1),
        /// Because of a limit, at least one was not.
        MORE(2);

        private static final Completeness[] BY_CODE = values();

        private final int code;

        Completeness(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Completeness ofCode(int code) {
            if (code < 0 || code >= BY_CODE.length) {
                throw new IllegalArgumentException("link frame with unknown completeness " + code);
            }
            return BY_CODE[code];
        }
    }

    /// Why a request cannot be answered. The codes are part of the format.
    enum Failure {
        /// No view has reached the position asked for.
        BEHIND(0),
        /// The database cannot be asked.
        UNAVAILABLE(1),
        /// Too much is being asked at once.
        OVERLOADED(2),
        /// More is asked for than one request may ask for.
        TOO_LARGE(3),
        /// The request does not make sense to this service.
        INVALID(4),
        /// There is no link to the service; said by nobody but the asking side itself.
        NO_LINK(5),
        /// The answer, or a part of it, took longer than it may. Another time it may not.
        TOO_SLOW(6),
        /// Nothing was heard of the client for too long.
        ABANDONED(7);

        private static final Failure[] BY_CODE = values();

        private final int code;

        Failure(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Failure ofCode(int code) {
            if (code < 0 || code >= BY_CODE.length) {
                throw new IllegalArgumentException("link frame with unknown failure " + code);
            }
            return BY_CODE[code];
        }
    }
}
