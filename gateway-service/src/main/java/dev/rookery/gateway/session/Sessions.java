package dev.rookery.gateway.session;

import dev.rookery.gateway.connection.Conversation;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.gateway.connection.Peer;
import dev.rookery.gateway.limits.LimitsProperties;
import dev.rookery.gateway.publish.Publishing;
import dev.rookery.gateway.subscription.Subscriptions;
import dev.rookery.message.ClientMessageReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Opens the session of each new connection, with what all of them share.
public final class Sessions {

    final LimitsProperties limits;
    final int maxPendingEvents;
    final ClientMessageReader reader;
    final Publishing publishing;
    final Function<Outbound, Subscriptions> subscriptions;
    final RequestBounds.OfAll requestBounds;
    final SessionMeters meters;

    /// Time and meters.
    ///
    /// @param nanos as `System.nanoTime`
    public record Instruments(LongSupplier nanos, MeterRegistry registry) {}

    public Sessions(
            LimitsProperties limits,
            int maxPendingEvents,
            Publishing publishing,
            Function<Outbound, Subscriptions> subscriptions,
            Instruments instruments) {
        this.limits = limits;
        this.maxPendingEvents = maxPendingEvents;
        this.reader = new ClientMessageReader(limits.messageBounds());
        this.publishing = publishing;
        this.subscriptions = subscriptions;
        this.meters = new SessionMeters(instruments.registry());
        this.requestBounds = new RequestBounds.OfAll(limits, instruments.nanos(), meters);
    }

    public Conversation open(Peer peer) {
        return new Session(peer, this);
    }
}
