package dev.rookery.indexer;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// What all processes of the suite share.
///
/// @param secret under which records are sealed
@Validated
@ConfigurationProperties("relay")
record SuiteProperties(@NotNull @Size(min = 16) String secret) {

    /// Without the secret.
    @Override
    public String toString() {
        return "SuiteProperties[]";
    }
}
