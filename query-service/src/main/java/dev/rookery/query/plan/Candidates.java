package dev.rookery.query.plan;

import dev.rookery.query.plan.Scan.Found;
import java.util.List;

/// The keys that one filter's sources hold, merged in order and without doubles, read piece by piece as they are asked
/// for. Not thread-safe.
public sealed interface Candidates permits SourceCandidates, MergedCandidates {

    /// @param since Unix seconds, inclusive, as is `until`
    static Candidates of(List<Sources> sources, long since, long until) {
        List<SourceCandidates> each = sources.stream()
                .map(some -> new SourceCandidates(some, since, until))
                .toList();
        return each.size() == 1 ? each.getFirst() : new MergedCandidates(each);
    }

    /// Whether a key can be taken without reading on.
    boolean isReady();

    /// Whether there will never be another key.
    boolean isExhausted();

    Key take();

    /// When none is ready: what to read so that `wanted` keys become ready, or at least more than before.
    Scan next(int wanted);

    /// Takes what the scan has found: for each of its sources all keys from where it began down to its floor, or a full
    /// chunk.
    void add(Scan scan, List<Found> found);
}
