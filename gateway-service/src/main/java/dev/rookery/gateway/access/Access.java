package dev.rookery.gateway.access;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.filter.Filter;
import dev.rookery.filter.Visibility;
import dev.rookery.gateway.connection.Outbound;
import dev.rookery.message.Prefix;
import dev.rookery.message.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a client may do with the keys that it has proven. Thread-safe.
public final class Access {

    private static final Verdict.Refused AUTHOR_UNKNOWN =
            Verdict.refused(Prefix.AUTH_REQUIRED, "only its author may publish this event");
    private static final Verdict.Refused NOT_THE_AUTHOR =
            Verdict.refused(Prefix.RESTRICTED, "only its author may publish this event");
    private static final Verdict.Refused WRITER_UNKNOWN =
            Verdict.refused(Prefix.AUTH_REQUIRED, "this relay takes such events only from those who show who they are");
    private static final String READER_UNKNOWN =
            Prefix.AUTH_REQUIRED.with("this relay answers only those who show who they are");
    private static final String RECIPIENT_UNKNOWN =
            Prefix.AUTH_REQUIRED.with("such events are shown only to those they are for");

    private final AccessProperties properties;
    private final Visibility visibility;
    private final KeyProof proof;

    public Access(AccessProperties properties, Visibility visibility, KeyProof proof) {
        this.properties = properties;
        this.visibility = visibility;
        this.proof = proof;
    }

    /// Begins the authentication of a new connection.
    public Authentication begin(Outbound out) {
        Authentication authentication = new Authentication(proof, out);
        if (properties.challengeAtConnect() || properties.isRequired()) {
            authentication.demand();
        }
        return authentication;
    }

    /// NIP-70: an event with the tag `-` "can only be published to relays by its author".
    public Optional<Verdict.Refused> refuse(Event event, Set<Bytes32> keys) {
        if (event.isProtected() && !keys.contains(event.pubkey())) {
            return Optional.of(keys.isEmpty() ? AUTHOR_UNKNOWN : NOT_THE_AUTHOR);
        }
        return keys.isEmpty() && asksWhoWrites(event.kind()) ? Optional.of(WRITER_UNKNOWN) : Optional.empty();
    }

    private boolean asksWhoWrites(int kind) {
        return (properties.toWrite() && kind != Kinds.REQUEST_TO_VANISH)
                || properties.toWriteKinds().contains(kind);
    }

    /// Why filters are not to be answered. NIP-17: who asks for private kinds only, and has shown no key, is told so;
    /// where a filter asks for others too, what is private is left out.
    public Optional<String> refuse(List<Filter> filters, Set<Bytes32> keys) {
        if (!keys.isEmpty()) {
            return Optional.empty();
        }
        if (properties.toRead()) {
            return Optional.of(READER_UNKNOWN);
        }
        return filters.stream().allMatch(this::isPrivate) ? Optional.of(RECIPIENT_UNKNOWN) : Optional.empty();
    }

    /// Whether kinds that a filter names are left out, as no key has been shown.
    public boolean leavesOut(List<Filter> filters, Set<Bytes32> keys) {
        return filters.stream().anyMatch(filter -> visibility.leavesOut(filter, keys));
    }

    private boolean isPrivate(Filter filter) {
        List<Integer> kinds = filter.kinds();
        return kinds != null && !kinds.isEmpty() && kinds.stream().allMatch(visibility.privateKinds()::contains);
    }
}
