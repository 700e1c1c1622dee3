package dev.rookery.gateway.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How events are taken in.
///
/// @param signatureThreads that check signatures; 0 for as many as there are processors
/// @param signatureQueue events that may wait for their signature to be checked; more are refused with `error:`
/// @param maxPending events on their way, from their signature to their verdict; more are refused with `error:`
/// @param verdictWithin how long after it was logged an event may be without a verdict before it is answered
///     without one
/// @param statusAfter how long after an event was logged, and after the last verdict that came by itself, its status is
///     asked for the first time; four times that after the last one of its lane; doubles each time
/// @param statusEvery how often statuses are asked for
/// @param maxProvisional events that may be answered `info: logged, not yet indexed` while the database is down;
///     beyond that nothing more is logged
/// @param maxLag how long the store may say of one logged event that it is undecided, before events of its lane are
///     refused with `error:` and not logged
/// @param knownIds ids of stored events that are remembered: an event that comes again is asked for first; eight bytes
///     each, 0 for none
@Validated
@ConfigurationProperties("relay.publish")
public record PublishProperties(
        @DefaultValue("0") @Min(0) int signatureThreads,
        @DefaultValue("10000") @Min(1) int signatureQueue,
        @DefaultValue("20000") @Min(1) int maxPending,
        @DefaultValue("2s") Duration verdictWithin,
        @DefaultValue("250ms") Duration statusAfter,
        @DefaultValue("50ms") Duration statusEvery,
        @DefaultValue("100000") @Min(0) int maxProvisional,
        @DefaultValue("10s") Duration maxLag,
        @DefaultValue("100000") @Min(0) @Max(100_000_000) int knownIds) {

    int threads() {
        return signatureThreads > 0 ? signatureThreads : Runtime.getRuntime().availableProcessors();
    }
}
