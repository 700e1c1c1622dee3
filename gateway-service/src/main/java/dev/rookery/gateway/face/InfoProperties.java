package dev.rookery.gateway.face;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What the relay says of itself (NIP-11). Whatever is not set is left out.
///
/// @param name shown in lists; NIP-11 wants fewer than 30 characters
/// @param pubkey of whoever runs the relay, 64 digits of lowercase hex
/// @param contact a URI, such as `mailto:`
/// @param software a URL of the software's home
@Validated
@ConfigurationProperties("relay.info")
public record InfoProperties(
        @DefaultValue("Rookery") @NotBlank @Size(max = 29) String name,
        @DefaultValue("A Nostr relay") String description,
        @Nullable @Pattern(regexp = "[0-9a-f]{64}") String pubkey,
        @Nullable URI contact,
        @Nullable URI icon,
        @Nullable URI banner,
        @Nullable URI termsOfService,
        @Nullable URI software,
        @DefaultValue("0.1.0") String version) {}
