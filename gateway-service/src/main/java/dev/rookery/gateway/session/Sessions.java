package dev.rookery.gateway.session;

import dev.rookery.gateway.access.Access;
import dev.rookery.gateway.connection.Conversation;
import dev.rookery.gateway.connection.Peer;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.publish.Publishing;
import dev.rookery.gateway.question.Store;
import dev.rookery.gateway.subscription.SubscriptionService;
import dev.rookery.message.ClientMessageReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/// Opens the session of each new connection, with what all of them share.
public final class Sessions {

    final LimitsProperties limits;
    final int maxPendingEvents;
    final ClientMessageReader reader;
    final Access access;
    final Services services;
    final RequestBounds.OfAll requestBounds;
    final SessionMeters meters;

    /// Time and meters.
    ///
    /// @param nanos as `System.nanoTime`
    public record Instruments(LongSupplier nanos, MeterRegistry registry) {}

    /// @param maxPendingEvents of one connection; beyond them it is not read on
    public record Bounds(LimitsProperties limits, int maxPendingEvents) {}

    /// What answers clients.
    ///
    public record Services(Publishing publishing, SubscriptionService subscriptions, Store store) {}

    public Sessions(Bounds bounds, Access access, Services services, Instruments instruments) {
        this.limits = bounds.limits();
        this.maxPendingEvents = bounds.maxPendingEvents();
        this.reader = new ClientMessageReader(limits.messageBounds());
        this.access = access;
        this.services = services;
        this.meters = new SessionMeters(instruments.registry());
        this.requestBounds = new RequestBounds.OfAll(limits, instruments.nanos(), meters);
    }

    public Conversation open(Peer peer) {
        return new Session(peer, this);
    }
}
