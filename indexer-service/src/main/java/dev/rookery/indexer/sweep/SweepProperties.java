package dev.rookery.indexer.sweep;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// When what nobody is shown any more leaves the database.
///
/// @param vacuumEvery pause between two rounds in which the rows that deleted events left behind are taken out of the
///     tables and their indexes; a row is gone after twice this, and what the rounds take
@Validated
@ConfigurationProperties("relay.indexer.sweep")
public record SweepProperties(
        @DefaultValue("30m") @DurationMin(seconds = 1) Duration vacuumEvery) {}
