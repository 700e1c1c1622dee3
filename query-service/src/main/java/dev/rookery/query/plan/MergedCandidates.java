package dev.rookery.query.plan;

import dev.rookery.query.plan.Scan.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of sources of several kinds. One is ready when each kind has one ready, or has come to its end.
final class MergedCandidates implements Candidates {

    private final List<SourceCandidates> kinds;
    /// The kind that is being read.
    private @Nullable SourceCandidates reading;

    MergedCandidates(List<SourceCandidates> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public boolean isReady() {
        return lacking() == null && first() != null;
    }

    @Override
    public boolean isExhausted() {
        return kinds.stream().allMatch(SourceCandidates::isExhausted);
    }

    @Override
    public Key take() {
        Key first = first();
        if (first == null || lacking() != null) {
            throw new IllegalStateException("no key is ready");
        }
        for (SourceCandidates kind : kinds) {
            if (first.equals(kind.peek())) {
                kind.take();
            }
        }
        return first;
    }

    @Override
    public Scan next(int wanted) {
        SourceCandidates lacking = lacking();
        if (lacking == null) {
            throw new IllegalStateException("there is nothing to read before the next key is taken");
        }
        reading = lacking;
        return lacking.next(wanted);
    }

    @Override
    public void add(Scan scan, List<Found> found) {
        if (reading == null) {
            throw new IllegalStateException("nothing is being read");
        }
        reading.add(scan, found);
    }

    /// A kind that may hold an earlier key than all that are known.
    private @Nullable SourceCandidates lacking() {
        for (SourceCandidates kind : kinds) {
            if (!kind.isReady() && !kind.isExhausted()) {
                return kind;
            }
        }
        return null;
    }

    private @Nullable Key first() {
        Key first = null;
        for (SourceCandidates kind : kinds) {
            Key head = kind.peek();
            if (head != null && (first == null || head.isBefore(first))) {
                first = head;
            }
        }
        return first;
    }
}
