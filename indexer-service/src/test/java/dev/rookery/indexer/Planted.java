package dev.rookery.indexer;

import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.lane.LaneMove;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// Puts something between the steps of an indexer.
final class Planted implements BeanPostProcessor {

    static final String LIVE = "liveSteps";
    static final String BULK = "bulkSteps";

    private final String bean;
    private final UnaryOperator<IndexListener.Steps> change;

    private Planted(String bean, UnaryOperator<IndexListener.Steps> change) {
        this.bean = bean;
        this.change = change;
    }

    static Planted in(String steps, UnaryOperator<IndexListener.Steps> change) {
        return new Planted(steps, change);
    }

    /// @param around is given the step that decides, and takes its place
    static Planted around(String steps, UnaryOperator<BiFunction<Batch, List<LaneMove>, Optional<Decided>>> around) {
        return in(steps, s -> with(s, around.apply(s.sequencer()), s.verdicts(), s.emission()));
    }

    static IndexListener.Steps with(
            IndexListener.Steps steps,
            BiFunction<Batch, List<LaneMove>, Optional<Decided>> sequencer,
            java.util.function.Consumer<Decided> verdicts,
            java.util.function.Consumer<Decided> emission) {
        return new IndexListener.Steps(
                steps.preparation(),
                steps.cutter(),
                steps.deadLetters(),
                sequencer,
                verdicts,
                emission,
                steps.groupOffsets());
    }

    @Override
    public Object postProcessAfterInitialization(Object made, String name) {
        return name.equals(bean) && made instanceof IndexListener.Steps steps ? change.apply(steps) : made;
    }
}
