package dev.rookery.query.plan;

import java.util.ArrayList;
import java.util.List;

/// How far back many sources are read at once.
///
/// Most of a long list of authors have been silent for long: reading each of them back to its last event costs more
/// than the answer. A sample tells how far back the events wanted lie; all are read down to there, and further where
/// the sample was wrong. Only the cost depends on the estimate, never the answer.
final class Reach {

    private static final int FEW = 128;
    private static final int SAMPLE = 16;
    private static final int WIDEST_STEP = 16;
    /// Reading all sources once more costs far more than reading a few keys in vain.
    private static final double MARGIN = 2.5;
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final int count;
    private final long since;
    private boolean sampled;
    private boolean estimated;
    private long top;
    private long floor;

    /// @param since where each of the sources ends, in Unix seconds
    Reach(Sources sources, long since) {
        this.count = sources.count();
        this.since = since;
        this.estimated = count <= FEW || sources.holdOneEach();
        this.floor = estimated ? since : Long.MAX_VALUE;
    }

    boolean isUnknown() {
        return !estimated && !sampled;
    }

    /// Whether a floor stands on what a sample has shown.
    boolean isEstimate() {
        return sampled;
    }

    long since() {
        return since;
    }

    /// Sources from all parts of the list, but at no regular distance, for lists have periods.
    List<Integer> sample() {
        sampled = true;
        List<Integer> sample = new ArrayList<>(SAMPLE);
        for (int i = 0; i < SAMPLE; i++) {
            double within = i * GOLDEN_RATIO % 1;
            sample.add((int) ((i + within) * count / SAMPLE));
        }
        return sample;
    }

    int sampleChunk(int wanted) {
        return Math.min(wanted, shareOfSample(wanted));
    }

    /// How far back to read so that `wanted` keys should be found.
    ///
    /// @param known what has been found so far, in order
    long floor(List<Key> known, int wanted) {
        long further;
        if (!estimated) {
            further = estimate(known, wanted);
        } else if (known.size() < wanted) {
            further = widened(known, wanted);
        } else {
            further = Math.min(floor, known.get(wanted - 1).createdAt());
        }
        estimated = true;
        floor = Math.max(since, further);
        return floor;
    }

    private long estimate(List<Key> sample, int wanted) {
        int share = shareOfSample(wanted);
        if (sample.size() < share) {
            return since;
        }
        top = sample.getFirst().createdAt();
        return sample.get(share - 1).createdAt();
    }

    private long widened(List<Key> known, int wanted) {
        long width = Math.max(1, top - floor);
        long above = known.stream().filter(key -> key.createdAt() >= floor).count();
        double factor = above == 0 ? WIDEST_STEP : Math.clamp(MARGIN * wanted / above, 1, WIDEST_STEP);
        return floor - (long) (width * factor) - 1;
    }

    private int shareOfSample(int wanted) {
        return Math.max(2, (int) Math.ceil(MARGIN * wanted * SAMPLE / count));
    }
}
