package dev.rookery.indexer;

import dev.rookery.indexer.batch.Batch;
import dev.rookery.indexer.batch.BatchCutter;
import dev.rookery.indexer.batch.Candidate;
import dev.rookery.indexer.deadletter.DeadLetterPublisher;
import dev.rookery.indexer.decision.Decided;
import dev.rookery.indexer.emission.Outbox;
import dev.rookery.indexer.lane.LaneMove;
import dev.rookery.indexer.lane.LanePlacement;
import dev.rookery.indexer.lane.LaneReading;
import dev.rookery.indexer.lane.Lanes;
import dev.rookery.indexer.outage.Patience;
import dev.rookery.indexer.outage.StoreRefusedException;
import dev.rookery.indexer.outage.TurnTooLongException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.Acknowledgment;

/// The way of an event: from its lane through preparation and a batch to its decision, then to its gateway and, if
/// accepted, to the readers of everything.
///
/// One thread, the consumer's. It returns when all records are decided, however long a store is out, or when the lanes
/// have to start again from the table. What is told and emitted after a commit does not hold up the next batch, and may
/// be lost with this process: then the gateway asks for the status, and another indexer emits.
final class IndexListener implements LaneListener {

    /// The steps, in their order.
    ///
    /// @param sequencer decides; empty when nothing was done because the lanes are not where the moves say
    /// @param groupOffsets tells the consumer's group how far the lanes are
    record Steps(
            Function<ConsumerRecord<byte[], byte[]>, Candidate> preparation,
            BatchCutter cutter,
            DeadLetterPublisher deadLetters,
            BiFunction<Batch, List<LaneMove>, Optional<Decided>> sequencer,
            java.util.function.Consumer<Decided> verdicts,
            java.util.function.Consumer<Decided> emission,
            java.util.function.Consumer<Consumer<?, ?>> groupOffsets) {}

    private final Steps steps;
    private final Lanes lanes;
    private final LanePlacement placement;
    private final Outbox outbox;
    private final Patience patience;
    private final FlowMeters meters;

    IndexListener(Steps steps, LaneReading reading, Outbox outbox, Patience patience, FlowMeters meters) {
        this.steps = steps;
        this.lanes = reading.lanes();
        this.placement = reading.placement();
        this.outbox = outbox;
        this.patience = patience;
        this.meters = meters;
    }

    /// Positions are kept in the database, with what was decided: nothing is acknowledged to Kafka here.
    @Override
    public void onMessage(
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable Acknowledgment ignored,
            @Nullable Consumer<?, ?> thisThreads) {
        Consumer<?, ?> consumer = Objects.requireNonNull(thisThreads);
        if (placement.isDoubtful() || !lanes.receive(records)) {
            placement.placeAgain(consumer);
            return;
        }
        Iterator<Batch> batches = steps.cutter().cut(candidates(records));
        while (batches.hasNext()) {
            if (!decide(batches.next())) {
                meters.overtaken();
                placement.placeAgain(consumer);
                break;
            }
        }
        steps.groupOffsets().accept(consumer);
    }

    /// Each is prepared when it is asked for: all of them at once may not fit into memory.
    private Iterator<Candidate> candidates(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(lanes::awaits)
                .map(record -> meters.prepare(() -> steps.preparation().apply(record)))
                .iterator();
    }

    @Override
    public void onIdle(Consumer<?, ?> consumer) {
        placement.check(consumer);
        steps.groupOffsets().accept(consumer);
    }

    /// False when the lanes are no longer where this indexer thinks, so that nothing was done.
    private boolean decide(Batch batch) {
        if (outbox.isFull()) {
            meters.paused();
            patience.until(() -> !outbox.isFull());
        }
        List<Candidate.Poisoned> poisoned = batch.poisoned();
        if (!poisoned.isEmpty()) {
            patience.untilDone(() -> steps.deadLetters().publish(poisoned));
        }
        List<LaneMove> moves = lanes.moves(batch);
        try {
            Optional<Decided> decided = meters.decide(
                    () -> patience.untilDone(() -> steps.sequencer().apply(batch, moves)));
            if (decided.isEmpty()) {
                return false;
            }
            lanes.take(moves);
            tell(decided.get());
            return true;
        } catch (StoreRefusedException refused) {
            return bisect(batch, refused);
        } catch (TurnTooLongException slow) {
            // Parts of it take less. The next batch is tried as a whole again.
            meters.halved();
            return decide(batch.firstHalf()) && decide(batch.secondHalf());
        }
    }

    /// The database is well and refuses the batch: the one event that it cannot take is cut out.
    private boolean bisect(Batch batch, StoreRefusedException refused) {
        if (batch.size() > 1) {
            return decide(batch.firstHalf()) && decide(batch.secondHalf());
        }
        if (batch.sound().isEmpty()) {
            throw refused;
        }
        return decide(batch.given(String.valueOf(refused.getMessage())));
    }

    private void tell(Decided decided) {
        meters.decided(decided);
        steps.verdicts().accept(decided);
        steps.emission().accept(decided);
    }
}
