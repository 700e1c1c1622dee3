package dev.rookery.gateway.subscription;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How much the gateway does to answer a REQ without a gap.
///
/// @param joinTimeout how long the first answer to a REQ may take, from when it is its turn, before it is refused with
///     `CLOSED error:`, and with it those that have waited for half of this behind it
/// @param maxAnswers how many REQs of one connection are given what is stored at a time, and how many of its
///     subscriptions are sent what has waited for the client; further ones wait their turn
/// @param credit how many bytes of stored events may be under way to one subscription, an eighth of them between the
///     gateway and the client; a quarter before the client has taken any
/// @param maxWaiting how many live events the subscriptions of one connection keep together, each of them while its
///     stored events are being sent, or while the client is far behind; an event that several keep counts for each
/// @param maxWaitingSize how much those may take; a subscription that would keep one more beyond either ends
/// @param maxWaitingMemory how much memory what waits for clients may take for all connections together: what is kept
///     so, where an event counts once, and what has come of stored answers. Beyond three quarters of it what waits for
///     the connection that holds most ends, of the address for which most is held; beyond all of it a subscription that
///     would keep one more
/// @param maxHeld how many live frames are held back while a lost link is made up for
/// @param maxHeldSize how much those may take; beyond either all subscriptions end
/// @param maxCatchUp how many positions a lost link may have missed
/// @param catchUpWithin how long it may take to make up for them before all subscriptions end
/// @param catchUpAttempts how often query-service is asked for what was missed, with growing pauses up to a second
/// @param catchUpSlice how many registrations a new link is given before it has answered any of them, and how many
///     frames that were held are told at a time
/// @param standstill a link to broadcast-service is given up for another instance when its position has stood for this
///     long while this gateway knows of a later one
/// @param liveWithin how long no link may bring what there is to bring, before all subscriptions end
/// @param ephemeralWindow an ephemeral event that is published again within this time is delivered to those only that
///     have subscribed since
/// @param eoseHints whether `EOSE` says if there is more than what was sent (NIP-67). Some clients take a message of an
///     unknown length for a broken one, and query-service has to look for one event more where a limit was reached
@Validated
@ConfigurationProperties("relay.subscriptions")
public record SubscriptionProperties(
        @DefaultValue("10s") Duration joinTimeout,
        @DefaultValue("8") @Min(1) int maxAnswers,
        @DefaultValue("512KB") DataSize credit,
        @DefaultValue("10000") @Min(1) int maxWaiting,
        @DefaultValue("8MB") DataSize maxWaitingSize,
        @DefaultValue("128MB") DataSize maxWaitingMemory,
        @DefaultValue("100000") @Min(1) int maxHeld,
        @DefaultValue("64MB") DataSize maxHeldSize,
        @DefaultValue("100000") @Min(1) long maxCatchUp,
        @DefaultValue("1m") Duration catchUpWithin,
        @DefaultValue("30") @Min(1) int catchUpAttempts,
        @DefaultValue("256") @Min(1) int catchUpSlice,
        @DefaultValue("10s") Duration standstill,
        @DefaultValue("1m") Duration liveWithin,
        @DefaultValue("2m") Duration ephemeralWindow,
        @DefaultValue("false") boolean eoseHints) {

    /// So many bytes of one subscription are sent to its client before it has taken them: few enough to keep many slow
    /// ones waiting at little cost, and for the store never to be out of credit while nothing is on its way.
    long slice() {
        return Math.max(1, credit.toBytes() / 8);
    }

    /// So many bytes of one subscription may be under way before its client has taken any.
    long firstCredit() {
        return Math.max(1, credit.toBytes() / 4);
    }
}
