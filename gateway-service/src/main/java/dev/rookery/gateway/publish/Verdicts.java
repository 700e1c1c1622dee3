package dev.rookery.gateway.publish;

import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import dev.rookery.order.Decision;

/// What clients are told. `false` with a prefix other than `error:`: the event was not stored and will not be, unless
/// it is sent again and the rate allows it. `error:` says that it is not known, and that sending it again does no harm.
final class Verdicts {

    static final Verdict LOGGED = new Verdict.Accepted("info: logged, not yet indexed");
    static final Verdict.Refused BAD_ID = Verdict.refused(Prefix.INVALID, "id is not the hash of the event");
    static final Verdict.Refused BAD_SIGNATURE = Verdict.refused(Prefix.INVALID, "signature is not that of the author");
    static final Verdict.Refused TOO_FAST = Verdict.refused(Prefix.RATE_LIMITED, "slow down there chief");
    static final Verdict.Refused OVERLOADED = Verdict.refused(Prefix.ERROR, "overloaded, send it again later");
    static final Verdict.Refused NOT_LOGGED =
            Verdict.refused(Prefix.ERROR, "cannot be logged now, send it again later");
    static final Verdict.Refused NOT_DECIDED =
            Verdict.refused(Prefix.ERROR, "not decided in time, sending it again is safe");

    private static final Verdict SUPERSEDED = Verdict.refused(Prefix.INVALID, "a newer version is stored");
    private static final Verdict DELETED = Verdict.refused(Prefix.BLOCKED, "this event has been deleted");
    private static final Verdict VANISHED = Verdict.refused(Prefix.BLOCKED, "its author or recipient has vanished");
    private static final Verdict EXPIRED = Verdict.refused(Prefix.INVALID, "event has expired");
    private static final Verdict FAILED = Verdict.refused(Prefix.ERROR, "could not be stored");
    private static final Verdict UNKNOWN = Verdict.refused(Prefix.ERROR, "nothing is known of it, send it again");

    private Verdicts() {}

    /// NIP-01 has no prefix for an older version of a replaceable event; relay test suites ask for `false`.
    /// `invalid:` is the one that clients know and that keeps them from sending it again.
    static Verdict of(Decision decision) {
        return switch (decision) {
            case ACCEPTED -> Verdict.stored();
            case DUPLICATE -> Verdict.duplicate();
            case SUPERSEDED -> SUPERSEDED;
            case DELETED -> DELETED;
            case VANISHED -> VANISHED;
            case EXPIRED -> EXPIRED;
            case FAILED -> FAILED;
            case UNDECIDED -> NOT_DECIDED;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
