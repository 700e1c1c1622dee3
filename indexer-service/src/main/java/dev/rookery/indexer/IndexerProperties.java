package dev.rookery.indexer;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What is indexer-service's own.
///
/// @param port for the actuator; 0 for any free one
/// @param address to bind to, as a number
@Validated
@ConfigurationProperties("relay.indexer")
record IndexerProperties(
        @DefaultValue("7783") @Min(0) @Max(65_535) int port,
        @DefaultValue("0.0.0.0") @NotBlank String address) {}
