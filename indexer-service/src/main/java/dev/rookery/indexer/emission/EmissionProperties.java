package dev.rookery.indexer.emission;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How accepted events get to the readers of everything.
///
/// @param maxWaiting batches that wait to be sent; those beyond it are left to be found in the outbox
/// @param maxWaitingSize of the events in them, likewise, unless one batch alone is larger
/// @param maxUnacknowledged rows of the outbox that the broker has not acknowledged; beyond it nothing is decided
/// @param keep how long a row stays in the outbox after that, for gateways that ask for a verdict they missed
/// @param acknowledgeEvery how often acknowledgements are written to the outbox
/// @param lookForLeftoversEvery how often the outbox is searched for what nobody has emitted
@Validated
@ConfigurationProperties("relay.indexer.emission")
public record EmissionProperties(
        @DefaultValue("64") @Min(1) int maxWaiting,
        @DefaultValue("32MB") DataSize maxWaitingSize,
        @DefaultValue("2000") @Min(1) int maxUnacknowledged,
        @DefaultValue("1m") Duration keep,
        @DefaultValue("50ms") Duration acknowledgeEvery,
        @DefaultValue("250ms") Duration lookForLeftoversEvery) {}
