package dev.rookery.gateway.access;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// For what a client has to prove a key (NIP-42).
///
/// @param toRead for REQ and the like
/// @param toWrite for EVENT, except for requests to vanish, which NIP-62 wants to be honoured whoever they come from
/// @param toWriteKinds for EVENTs of these kinds; with 1059, gift wraps come only from those who show who they are
/// @param challengeAtConnect whether the challenge is sent at once though nothing needs a key yet: some clients ask
///     their users to sign when they see one, and hold back what they have to say until then
@ConfigurationProperties("relay.auth")
public record AccessProperties(
        @DefaultValue("false") boolean toRead,
        @DefaultValue("false") boolean toWrite,
        @DefaultValue Set<Integer> toWriteKinds,
        @DefaultValue("false") boolean challengeAtConnect) {

    public AccessProperties {
        toWriteKinds = Set.copyOf(toWriteKinds);
    }

    /// Whether there is something that nobody can do without a key.
    boolean isRequired() {
        return toRead || toWrite;
    }

    /// NIP-11 `restricted_writes`: "this relay requires some kind of condition to be fulfilled to accept events".
    public boolean restrictsWrites() {
        return toWrite || !toWriteKinds.isEmpty();
    }
}
