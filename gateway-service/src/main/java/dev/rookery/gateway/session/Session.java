package dev.rookery.gateway.session;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.filter.Filter;
import dev.rookery.filter.FilterWriter;
import dev.rookery.gateway.access.Authentication;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.gateway.connection.Conversation;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.Peer;
import dev.rookery.gateway.publish.Sender;
import dev.rookery.gateway.question.Questions;
import dev.rookery.gateway.question.Reconciliations;
import dev.rookery.gateway.subscription.Subscriptions;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.link.LinkCodec;
import dev.rookery.message.ClientMessage;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The conversation with one client. Confined to its connection's event loop, except that verdicts may come from
/// anywhere.
final class Session implements Conversation, Sender {

    private static final int NOT_UTF8 = 1007;
    private static final Verdict TOO_FAST = Verdict.refused(Prefix.RATE_LIMITED, "slow down there chief");
    private static final String TOO_LONG = Prefix.INVALID.with("filters longer than this relay can ask for");

    /// Reading alone takes time by the size, and a few hundred bytes may have been inflated to a large message.
    private static final int BYTES_OF_ANOTHER_MESSAGE = 64 << 10;

    /// What a `limit` adds to each filter that has none.
    private static final int ROOM_FOR_LIMITS = 4096;

    private final Peer peer;
    private final Outbound out;
    private final Sessions shared;
    private final Pause pause;
    private final Answers answers;
    private final Authentication authentication;
    private @Nullable Subscriptions subscriptions;
    private @Nullable RequestBounds bounds;
    private @Nullable Questions questions;
    private int pendingEvents;
    private boolean full;

    Session(Peer peer, Sessions shared) {
        this.peer = peer;
        this.out = peer.out();
        this.shared = shared;
        this.pause = new Pause(out.executor(), peer.readOn());
        this.answers = new Answers(out.executor(), this::tell);
        this.authentication = shared.access.begin(out);
    }

    @Override
    public void hear(byte[] message) {
        try {
            switch (shared.reader.read(message, 0, message.length)) {
                case ClientMessage.Publish(var event) -> publish(event, message.length);
                case ClientMessage.Subscribe(var id, var filters) -> subscribe(id, filters, message.length);
                case ClientMessage.Unsubscribe(var id) -> {
                    shared.meters.close.increment();
                    unsubscribe(id);
                }
                case ClientMessage.Authenticate(var event) -> authenticate(event, message.length);
                case ClientMessage.Count(var query, var filters) -> count(query, filters, message.length);
                case ClientMessage.NegOpen(var id, var filter, var first) ->
                    reconcile(id, filter, first, message.length);
                case ClientMessage.NegMessage(var id, var next) -> reconcileOn(id, next, message.length);
                case ClientMessage.NegClose(var id) -> reconciliations().close(id);
            }
        } catch (MalformedMessageException broken) {
            shared.meters.malformed.increment();
            refuse(broken, message.length);
        }
    }

    /// What cannot be understood is counted as what it would have been: it took as long to read.
    private void refuse(MalformedMessageException broken, int messageBytes) {
        boolean isTooFast = broken.addressee() instanceof MalformedMessageException.Addressee.OfEvent
                ? isEventTooFast(messageBytes)
                : bounds().isTooFast(times(messageBytes));
        String reason = isTooFast ? TOO_FAST.message() : broken.reason();
        switch (broken.addressee()) {
            case MalformedMessageException.Addressee.Nobody() -> out.notice(reason);
            case MalformedMessageException.Addressee.OfEvent(var id) -> out.refused(id, reason);
            case MalformedMessageException.Addressee.OfSubscription(var id) -> closed(id, reason);
            case MalformedMessageException.Addressee.OfQuery(var id) -> out.closed(id, reason);
            case MalformedMessageException.Addressee.OfReconciliation(var id) ->
                reconciliations().fail(id, reason);
            case MalformedMessageException.Addressee.NotUtf8() -> out.close(NOT_UTF8, "text is not UTF-8");
        }
    }

    private static int times(int messageBytes) {
        return 1 + messageBytes / BYTES_OF_ANOTHER_MESSAGE;
    }

    private boolean isEventTooFast(int messageBytes) {
        boolean isTooFast = shared.services.publishing().isTooFast(address(), times(messageBytes));
        if (isTooFast) {
            pause.begin();
        }
        return isTooFast;
    }

    /// NIP-42: an AUTH is answered like an EVENT.
    private void authenticate(Event event, int messageBytes) {
        shared.meters.auth.increment();
        out.ok(event.id(), bounds().isTooFast(times(messageBytes)) ? TOO_FAST : authentication.prove(event));
    }

    private void publish(Event event, int messageBytes) {
        shared.meters.event.increment();
        if (isEventTooFast(messageBytes)) {
            out.ok(event.id(), TOO_FAST);
            return;
        }
        Optional<Verdict.Refused> refusal = shared.access.refuse(event, authentication.keys());
        if (refusal.isPresent()) {
            shared.meters.refused("access");
            demandKey(refusal.get().message());
            out.ok(event.id(), refusal.get());
            return;
        }
        pendingEvents++;
        full |= pendingEvents >= shared.maxPendingEvents;
        shared.services.publishing().publish(event, this);
    }

    private void subscribe(String id, List<Filter> filters, int messageBytes) {
        shared.meters.req.increment();
        unsubscribe(id);
        RequestBounds bounds = bounds();
        String refusal = refuse(filters, messageBytes).orElseGet(() -> bounds.refuse(id, filters));
        if (refusal != null) {
            out.closed(id, refusal);
            return;
        }
        if (subscriptions == null) {
            subscriptions = shared.services.subscriptions().forConnection(out, peer.address(), authentication::keys);
            subscriptions.tellEnds(bounds::closed);
        }
        subscriptions.open(id, filters.stream().map(this::limited).toList());
    }

    private void count(String query, List<Filter> filters, int messageBytes) {
        shared.meters.count.increment();
        String refusal = refuseQuestion(filters, messageBytes);
        if (refusal == null) {
            questions().counts().count(query, filters);
        } else {
            out.closed(query, refusal);
        }
    }

    private void reconcile(String id, Filter filter, byte[] message, int messageBytes) {
        shared.meters.neg.increment();
        reconciliations().close(id);
        String refusal = refuseQuestion(List.of(filter), messageBytes);
        if (refusal == null) {
            reconciliations().open(id, filter, message);
        } else {
            reconciliations().fail(id, refusal);
        }
    }

    private void reconcileOn(String id, byte[] message, int messageBytes) {
        shared.meters.neg.increment();
        if (bounds().isTooFast(times(messageBytes))) {
            reconciliations().fail(id, TOO_FAST.message());
        } else {
            reconciliations().goOn(id, message);
        }
    }

    /// Why filters are not to be asked of the store beside all subscriptions; null when they are.
    private @Nullable String refuseQuestion(List<Filter> filters, int messageBytes) {
        return refuse(filters, messageBytes)
                .orElseGet(() -> bounds().refuseQuestion(questions().open()));
    }

    /// Why filters are not to be answered, whatever they are for. It is counted that they were sent.
    private Optional<String> refuse(List<Filter> filters, int messageBytes) {
        if (bounds().isTooFast(filters)) {
            return Optional.of(TOO_FAST.message());
        }
        if (isTooLong(filters, messageBytes)) {
            return Optional.of(TOO_LONG);
        }
        Optional<String> refusal = shared.access.refuse(filters, authentication.keys());
        refusal.ifPresentOrElse(this::demandKey, () -> offerChallenge(filters));
        return refusal;
    }

    /// NIP-42: whoever shows a key "must have a stored challenge". Who asks for private kinds beside others is answered
    /// without them, and may ask again once a key is shown.
    private void offerChallenge(List<Filter> filters) {
        if (shared.access.leavesOut(filters, authentication.keys())) {
            authentication.demand();
        }
    }

    /// NIP-42: whoever is told `auth-required:` has been sent a challenge.
    private void demandKey(String refusal) {
        if (refusal.startsWith(Prefix.AUTH_REQUIRED.label())) {
            authentication.demand();
        }
    }

    /// Written anew, filters are hardly longer than they came.
    private static boolean isTooLong(List<Filter> filters, int messageBytes) {
        return messageBytes > LinkCodec.LONGEST_FILTERS / 2
                && FilterWriter.write(filters).length > LinkCodec.LONGEST_FILTERS - ROOM_FOR_LIMITS;
    }

    private Reconciliations reconciliations() {
        return questions().reconciliations();
    }

    private Questions questions() {
        if (questions == null) {
            questions = new Questions(shared.services.store(), out, authentication::keys);
        }
        return questions;
    }

    private RequestBounds bounds() {
        if (bounds == null) {
            bounds = new RequestBounds(shared.requestBounds, peer.address(), pause::begin);
        }
        return bounds;
    }

    /// NIP-01: CLOSED says that the subscription of this id has ended. So what was open under the id of a refused
    /// request ends too: the client, which wanted it replaced, no longer knows of it.
    private void closed(String id, String reason) {
        unsubscribe(id);
        out.closed(id, reason);
    }

    /// NIP-11: `max_limit` "means that each filter's `limit` value will be clamped to this number", and
    /// `default_limit` is the "maximum returned events if you send a filter without a `limit`".
    private Filter limited(Filter filter) {
        int limit = Math.min(filter.limit().orElse(shared.limits.defaultLimit()), shared.limits.maxLimit());
        return filter.withLimit(OptionalInt.of(limit));
    }

    private void unsubscribe(String id) {
        if (subscriptions != null) {
            subscriptions.close(id);
        }
    }

    @Override
    public AddressBlock address() {
        return peer.address();
    }

    @Override
    public void answered(Bytes32 id, Verdict verdict) {
        answers.add(id, verdict);
    }

    private void tell(Bytes32 id, Verdict verdict) {
        pendingEvents--;
        out.ok(id, verdict);
        if (full && pendingEvents <= shared.maxPendingEvents / 2) {
            full = false;
            peer.readOn().run();
        }
    }

    @Override
    public boolean wantsMore() {
        return !full && pause.isOver();
    }

    @Override
    public boolean awaitsAnswers() {
        return pendingEvents > 0;
    }

    @Override
    public void ended() {
        if (subscriptions != null) {
            subscriptions.closeAll();
        }
        if (questions != null) {
            questions.closeAll();
        }
    }
}
