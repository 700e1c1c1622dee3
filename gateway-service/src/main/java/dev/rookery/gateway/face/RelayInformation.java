package dev.rookery.gateway.face;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// The document of NIP-11.
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record RelayInformation(
        String name,
        String description,
        @Nullable URI banner,
        @Nullable URI icon,
        @Nullable String pubkey,
        @Nullable URI contact,
        List<Integer> supportedNips,
        @Nullable URI software,
        String version,
        @Nullable URI termsOfService,
        Limitation limitation) {

    /// Every figure here is one that is enforced. Limits that have no field are told in the documentation.
    ///
    /// @param maxSubidLength characters
    /// @param maxContentLength characters, not bytes
    /// @param createdAtLowerLimit seconds before now
    /// @param createdAtUpperLimit seconds after now
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Limitation(
            int maxMessageLength,
            int maxSubscriptions,
            int maxLimit,
            int maxSubidLength,
            int maxEventTags,
            int maxContentLength,
            int minPowDifficulty,
            boolean authRequired,
            boolean paymentRequired,
            boolean restrictedWrites,
            long createdAtLowerLimit,
            long createdAtUpperLimit,
            int defaultLimit) {}
}
