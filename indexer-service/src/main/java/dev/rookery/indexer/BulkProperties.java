package dev.rookery.indexer;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How `nostr.bulk` gives way to `nostr.index`.
///
/// @param maxLiveLag records of `nostr.index` that wait to be decided; while there are more, nothing of `nostr.bulk`
///     is
/// @param maxEvents taken in hand at once, which is the most that a live event may find before it
/// @param measureEvery how often the live lag is measured while there is something to decide in `nostr.bulk`
@Validated
@ConfigurationProperties("relay.indexer.bulk")
record BulkProperties(
        @DefaultValue("500") @Min(0) long maxLiveLag,
        @DefaultValue("100") @Min(1) @Max(1000) int maxEvents,
        @DefaultValue("500ms") Duration measureEvery) {}
