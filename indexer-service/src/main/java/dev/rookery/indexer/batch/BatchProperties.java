package dev.rookery.indexer.batch;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How much is decided in one turn: more is cheaper for each event, and holds up the other indexers longer.
///
/// @param maxEvents in one batch
/// @param maxBytes of the events in one batch, unless one alone is larger
/// @param maxTags indexed tags of the events in one batch, unless one alone has more: each is a row of its own, and
///     most of what a turn costs
@Validated
@ConfigurationProperties("relay.indexer.batch")
public record BatchProperties(
        @DefaultValue("200") @Min(1) @Max(1000) int maxEvents,
        @DefaultValue("4MB") DataSize maxBytes,
        @DefaultValue("10000") @Min(1) int maxTags) {}
