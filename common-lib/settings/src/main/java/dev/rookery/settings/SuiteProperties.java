package dev.rookery.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;

/// What all processes of the suite share.
///
/// @param secret under which records and links are sealed, at least 16 characters
@ConfigurationProperties("relay")
public record SuiteProperties(String secret) {

    public SuiteProperties {
        if (secret == null || secret.length() < 16) {
            throw new IllegalArgumentException("relay.secret needs at least 16 characters");
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "SuiteProperties[]";
    }
}
