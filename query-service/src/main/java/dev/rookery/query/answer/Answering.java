package dev.rookery.query.answer;

import dev.rookery.event.Bytes32;
import dev.rookery.filter.Filter;
import dev.rookery.filter.Visibility;
import dev.rookery.link.LinkFrame;
import dev.rookery.query.stored.Views;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/// What all answers are made with.
///
/// @param views   for what clients ask
/// @param order   for what gateways ask of the order itself, which waits for no client's request
/// @param workers where events are parsed and compared, off the event loops
public record Answering(Views views, Views order, Rules rules, Clock clock, Scheduler workers) {

    /// What an answer may be.
    ///
    /// @param searchedKinds whose text is in the index of words
    public record Rules(Bounds bounds, Visibility visibility, Set<Integer> searchedKinds) {

        public Rules {
            searchedKinds = Set.copyOf(searchedKinds);
        }
    }

    /// How much work answers may be.
    public record Bounds(
            AnswerProperties answer, SearchProperties search, CountProperties count, SyncProperties sync) {}

    /// The same, with another limit for every filter that has none.
    Answering withLimit(int limit) {
        Bounds old = rules.bounds();
        Bounds bounds = new Bounds(old.answer().withLimit(limit), old.search(), old.count(), old.sync());
        return new Answering(views, order, new Rules(bounds, visibility(), searchedKinds()), clock, workers);
    }

    AnswerProperties properties() {
        return rules.bounds().answer();
    }

    SearchProperties search() {
        return rules.bounds().search();
    }

    CountProperties count() {
        return rules.bounds().count();
    }

    SyncProperties sync() {
        return rules.bounds().sync();
    }

    Visibility visibility() {
        return rules.visibility();
    }

    Set<Integer> searchedKinds() {
        return rules.searchedKinds();
    }

    /// The filters that can find anything, without what nobody may see.
    List<Filter> wanted(List<Filter> filters, LinkFrame.Query query) {
        Set<Bytes32> viewers = Set.copyOf(query.viewers());
        return filters.stream()
                .map(filter -> visibility().narrowed(filter, viewers))
                .filter(filter -> !filter.canMatchNothing() && (limit(filter) > 0 || query.completeness()))
                .toList();
    }

    int limit(Filter filter) {
        return Math.min(
                filter.limit().orElse(properties().defaultLimit()), properties().maxLimit());
    }

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }
}
