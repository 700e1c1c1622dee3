package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.filter.Visibility;
import dev.rookery.query.stored.Views;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/// What all answers are made with.
///
/// @param workers where events are parsed and compared, off the event loops
public record Answering(
        Views views, AnswerProperties properties, Visibility visibility, Clock clock, Scheduler workers) {

    int limit(Filter filter) {
        return Math.min(filter.limit().orElse(properties.defaultLimit()), properties.maxLimit());
    }

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
