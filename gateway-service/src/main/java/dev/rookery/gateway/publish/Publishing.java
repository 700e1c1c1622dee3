package dev.rookery.gateway.publish;

import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.position.Reached;
import dev.rookery.link.LinkFrame.Question;
import dev.rookery.message.Verdict;
import dev.rookery.order.VerdictBatch;
import dev.rookery.topics.BroadcastRecord;
import dev.rookery.topics.Origin;
import dev.rookery.topics.Topics;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of an EVENT through the gateway: id and policy on the connection's event loop, the signature on the
/// bench, the log, and then its verdict, which comes by itself or is asked for. Every event is answered exactly
/// once. One that is probably stored already is asked for first.
///
/// Ephemeral events are not decided: they go to the readers of everything at once, and are accepted when the broker
/// has them.
public final class Publishing implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Publishing.class);

    private final PublishProperties properties;
    private final PublishPolicy policy;
    private final PublishParts.Logging logging;
    private final Reached reached;
    private final LongSupplier nanos;
    private final PublishMeters meters;
    private final PendingEvents pending;
    private final Provisional provisional;
    private final SignatureBench bench;
    private final StatusWatch statuses;
    private final Decisions decisions;
    private final DecisionLag lag;
    private final KnownEvents known;

    public Publishing(
            PublishProperties properties,
            PublishPolicy policy,
            PublishParts.Logging logging,
            PublishParts.Deciding deciding,
            PublishParts.Instruments instruments) {
        this.properties = properties;
        this.policy = policy;
        this.logging = logging;
        this.reached = deciding.reached();
        this.nanos = instruments.nanos();
        this.meters = new PublishMeters(instruments.registry());
        this.pending = new PendingEvents(policy::giveBack);
        this.provisional = new Provisional(properties.maxProvisional());
        this.bench = new SignatureBench(properties.threads(), properties.signatureQueue(), this::check, this::checked);
        var ids = new KnownIds(properties.knownIds());
        this.lag = new DecisionLag(properties.maxLag().toNanos());
        this.decisions = new Decisions(pending, ids, lag, meters, nanos);
        this.statuses = new StatusWatch(properties, deciding, decisions, provisional);
        this.known = new KnownEvents(ids, deciding, meters, properties.statusAfter(), this::takeIn);
        meters.gauge("rookery.gateway.events.pending", pending::size);
        meters.gauge("rookery.gateway.signature.waiting", bench::waiting);
        meters.gauge("rookery.gateway.lanes.lagging", lag::refusing);
        meters.gauge("rookery.gateway.log.failing", () -> logging.log().isFailing() ? 1 : 0);
    }

    /// Begins to ask for what does not come by itself.
    public void start() {
        statuses.start();
    }

    /// Counts an EVENT for its address, before anything is done for it. Whether there are too many: then it is to be
    /// refused as what comes too fast.
    ///
    /// @param times as how many events it counts
    public boolean isTooFast(AddressBlock address, int times) {
        if (!policy.isTooFast(address, times)) {
            return false;
        }
        meters.received();
        meters.refused("rate", Verdicts.TOO_FAST);
        return true;
    }

    /// Takes in an event that has been counted for its address. Does not block.
    public void publish(Event event, Sender sender) {
        Submission submission = new Submission(event, sender, nanos.getAsLong());
        meters.received();
        Optional<Verdict.Refused> refusal = policy.refuse(event);
        if (refusal.isPresent()) {
            refuse(submission, "policy", refusal.get());
        } else if (pending.joinSame(event, sender)) {
            meters.joined();
        } else if (!known.take(submission)) {
            takeIn(submission);
        }
    }

    private void takeIn(Submission submission) {
        if (isOverloaded(submission.event())) {
            refuse(submission, "overload", Verdicts.OVERLOADED);
        } else if (!Kinds.isEphemeral(submission.event().kind())
                && lag.wouldRefuse(laneOf(submission.event()), nanos.getAsLong())) {
            refuse(submission, "lag", Verdicts.OVERLOADED);
        } else if (!bench.submit(submission)) {
            refuse(submission, "overload", Verdicts.OVERLOADED);
        }
    }

    private static int laneOf(Event event) {
        return Topics.indexPartition(event.pubkey());
    }

    /// Nobody waits for what has been decided about an ephemeral event.
    private boolean isOverloaded(Event event) {
        int underWay = Math.max(pending.size(), logging.log().outstanding());
        return underWay + bench.waiting() >= properties.maxPending()
                || (provisional.isExhausted() && !Kinds.isEphemeral(event.kind()));
    }

    private Verdict.@Nullable Refused check(Submission submission) {
        try {
            long begun = nanos.getAsLong();
            boolean good = policy.isSigned(submission.event());
            meters.checked(begun - submission.at(), nanos.getAsLong() - begun);
            return good ? null : Verdicts.BAD_SIGNATURE;
        } catch (RuntimeException | Error ours) {
            log.error("event {} could not be checked", submission.event().id(), ours);
            return Verdicts.NOT_LOGGED;
        }
    }

    private void checked(Submission submission, Verdict.@Nullable Refused refusal) {
        try {
            if (refusal != null) {
                refuse(submission, "signature", refusal);
            } else if (policy.isTooFast(submission)) {
                refuse(submission, "rate", Verdicts.TOO_FAST);
            } else if (Kinds.isEphemeral(submission.event().kind())) {
                broadcast(submission);
            } else if (lag.refuses(laneOf(submission.event()), nanos.getAsLong())) {
                // What would only wait in the log, and be sent and logged again, is better not logged.
                policy.giveBack(submission.event());
                refuse(submission, "lag", Verdicts.OVERLOADED);
            } else {
                index(submission);
            }
        } catch (RuntimeException | Error ours) {
            log.error("event {} could not be handled", submission.event().id(), ours);
            refuse(submission, "log", Verdicts.NOT_LOGGED);
        }
    }

    private void broadcast(Submission submission) {
        Event event = submission.event();
        long from = nanos.getAsLong();
        logging.log()
                .append(logging.records().toBroadcast(BroadcastRecord.ephemeral(event.kind(), event.json())), place -> {
                    if (place == null) {
                        refuse(submission, "log", Verdicts.NOT_LOGGED);
                    } else {
                        meters.logged(nanos.getAsLong() - from);
                        submission.answer(Verdict.stored());
                    }
                });
    }

    private void index(Submission submission) {
        PendingEvent begun = pending.begin(submission);
        if (begun == null) {
            policy.giveBack(submission.event());
            meters.joined();
            return;
        }
        long from = nanos.getAsLong();
        try {
            var record = logging.records().toIndex(submission.event(), logging.gateway(), Origin.CLIENT);
            logging.log().append(record, place -> appended(begun, from, place));
        } catch (RuntimeException | Error ours) {
            log.error("event {} could not be logged", submission.event().id(), ours);
            appended(begun, from, null);
        }
    }

    private void appended(PendingEvent event, long from, @Nullable RecordMetadata place) {
        if (place == null) {
            meters.refused("log", Verdicts.NOT_LOGGED);
            pending.settle(event, Verdicts.NOT_LOGGED);
            return;
        }
        long now = nanos.getAsLong();
        meters.logged(now - from);
        Question question = new Question(event.event().id(), place.topic(), place.partition(), place.offset());
        event.logged(question, now, properties.statusAfter().toNanos());
    }

    /// What the indexer tells of a transaction.
    public void decided(VerdictBatch batch) {
        if (!reached.believe(batch.decidedAt())) {
            meters.ignored();
            return;
        }
        provisional.storeAnswers();
        batch.entries().forEach(entry -> decisions.hear(entry.id(), entry.decision(), false));
    }

    /// Events whose verdict is being waited for.
    public int pending() {
        return pending.size();
    }

    private void refuse(Submission submission, String step, Verdict.Refused refusal) {
        meters.refused(step, refusal);
        submission.answer(refusal);
    }

    @Override
    public void close() {
        statuses.close();
        bench.close();
        logging.log().close();
    }
}
