package dev.rookery.gateway.publish;

import dev.rookery.event.Bytes32;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.order.Decision;
import java.util.function.LongSupplier;

/// What follows from a decision that this gateway has heard of, by whichever way: whoever waits for it is told, and
/// an event that is stored is remembered as one.
///
/// @param nanos as `System.nanoTime`
record Decisions(PendingEvents pending, KnownIds known, DecisionLag lag, PublishMeters meters, LongSupplier nanos) {

    /// @param asked whether it was the answer to a question, and did not come by itself
    void hear(Bytes32 id, Decision decision, boolean asked) {
        if (decision == Decision.UNDECIDED) {
            return;
        }
        if (decision == Decision.ACCEPTED || decision == Decision.DUPLICATE) {
            known.add(id);
        } else {
            known.remove(id);
        }
        PendingEvent event = pending.get(id);
        if (event != null) {
            long now = nanos.getAsLong();
            Question place = event.place();
            if (place != null) {
                lag.inTime(place.partition());
                if (!asked) {
                    pending.heard().heard(place, now);
                }
            }
            meters.decided(now - event.at(), asked);
            pending.settle(event, Verdicts.of(decision));
        }
    }
}
