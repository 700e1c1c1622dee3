package dev.rookery.indexer.batch;

import java.util.List;
import java.util.stream.Stream;

/// What is decided in one transaction, in this order. No two of its events touch one id, one address or one author's
/// deletion, so all of them can be judged at once.
///
/// @param candidates in the order of the log within each lane
public record Batch(List<Candidate> candidates) {

    public Batch {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("an empty batch");
        }
    }

    public int size() {
        return candidates.size();
    }

    public List<Candidate.Sound> sound() {
        return only(Candidate.Sound.class).toList();
    }

    public List<Candidate.Poisoned> poisoned() {
        return only(Candidate.Poisoned.class).toList();
    }

    public Batch firstHalf() {
        return new Batch(candidates.subList(0, size() / 2));
    }

    public Batch secondHalf() {
        return new Batch(candidates.subList(size() / 2, size()));
    }

    /// The same records with none of their events to be decided.
    public Batch given(String reason) {
        return new Batch(candidates.stream().map(c -> poisoned(c, reason)).toList());
    }

    private static Candidate poisoned(Candidate candidate, String reason) {
        return switch (candidate) {
            case Candidate.Sound sound ->
                new Candidate.Poisoned(
                        sound.record(),
                        sound.gateway(),
                        java.util.Optional.of(sound.event().id()),
                        reason);
            case Candidate.Poisoned already -> already;
        };
    }

    private <C extends Candidate> Stream<C> only(Class<C> type) {
        return candidates.stream().filter(type::isInstance).map(type::cast);
    }
}
