package dev.rookery.gateway.publish;

import dev.rookery.event.Event;
import dev.rookery.message.Verdict;

/// An event on its way, and who sent it.
///
/// @param at when it came in, in nanoseconds of the gateway's clock
record Submission(Event event, Sender sender, long at) {

    void answer(Verdict verdict) {
        sender.answered(event.id(), verdict);
    }
}
