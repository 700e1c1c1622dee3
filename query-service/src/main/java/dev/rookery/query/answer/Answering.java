package dev.rookery.query.answer;

import dev.rookery.filter.Filter;
import dev.rookery.filter.Visibility;
import dev.rookery.query.stored.Views;
import java.time.Clock;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/// What all answers are made with.
///
/// @param workers where events are parsed and compared, off the event loops
public record Answering(Views views, Rules rules, Clock clock, Scheduler workers) {

    /// What an answer may be.
    ///
    /// @param searchedKinds whose text is in the index of words
    public record Rules(
            AnswerProperties properties, SearchProperties search, Visibility visibility, Set<Integer> searchedKinds) {

        public Rules {
            searchedKinds = Set.copyOf(searchedKinds);
        }
    }

    AnswerProperties properties() {
        return rules.properties();
    }

    SearchProperties search() {
        return rules.search();
    }

    Visibility visibility() {
        return rules.visibility();
    }

    Set<Integer> searchedKinds() {
        return rules.searchedKinds();
    }

    int limit(Filter filter) {
        return Math.min(
                filter.limit().orElse(properties().defaultLimit()), properties().maxLimit());
    }

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
