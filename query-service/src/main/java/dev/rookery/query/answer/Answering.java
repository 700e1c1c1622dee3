package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.query.stored.Views;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/// What all answers are made with.
///
/// @param workers where events are parsed and compared, off the event loops
public record Answering(Views views, AnswerProperties properties, Clock clock, Scheduler workers) {

    Visibility visibility() {
        return new Visibility(properties.privateKinds());
    }

    int limit(Filter filter) {
        return Math.min(filter.limit().orElse(properties.defaultLimit()), properties.maxLimit());
    }

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
