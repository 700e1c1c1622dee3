package dev.rookery.indexer.batch;

import dev.rookery.admission.RelayUrl;
import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.Kinds;
import dev.rookery.event.Tag;
import dev.rookery.event.TagHash;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads from an event what it is to delete.
public final class DeletionTargets {

    private static final String ALL_RELAYS = "ALL_RELAYS";

    private final Set<RelayUrl> thisRelay;

    /// @param thisRelay what clients may call it
    public DeletionTargets(Set<RelayUrl> thisRelay) {
        this.thisRelay = Set.copyOf(thisRelay);
    }

    /// Each once; none for an event that deletes nothing.
    List<DeletionTarget> of(Event event) {
        return switch (event.kind()) {
            case Kinds.DELETION ->
                event.tags().stream()
                        .flatMap(tag -> named(event, tag).stream())
                        .distinct()
                        .toList();
            case Kinds.REQUEST_TO_VANISH ->
                event.tags().stream().anyMatch(this::namesThisRelay)
                        ? List.of(new DeletionTarget.Everything())
                        : List.of();
            default -> List.of();
        };
    }

    private static Optional<DeletionTarget> named(Event event, Tag tag) {
        String value = tag.value();
        if (value == null) {
            return Optional.empty();
        }
        return switch (tag.name()) {
            case "e" -> Bytes32.parseHex(value).map(DeletionTarget.ById::new);
            case "a" -> address(event, value);
            default -> Optional.empty();
        };
    }

    /// NIP-01: `kind:pubkey:d`, in which `d` may have colons too, and is empty for a replaceable kind. Nobody deletes
    /// what is at another's address.
    private static Optional<DeletionTarget> address(Event event, String address) {
        String[] parts = address.split(":", 3);
        if (parts.length < 2 || !parts[1].equals(event.pubkey().toString()) || !parts[0].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int kind = Integer.parseInt(parts[0]);
        if (Kinds.isReplaceable(kind)) {
            return Optional.of(new DeletionTarget.ByAddress(kind, Bytes32.of(TagHash.ofIdentifier(""))));
        }
        return Kinds.isAddressable(kind) && parts.length == 3
                ? Optional.of(new DeletionTarget.ByAddress(kind, Bytes32.of(TagHash.ofIdentifier(parts[2]))))
                : Optional.empty();
    }

    /// NIP-62: any of its `relay` tags will do.
    private boolean namesThisRelay(Tag tag) {
        String value = tag.value();
        return tag.name().equals("relay")
                && value != null
                && (value.equals(ALL_RELAYS)
                        || RelayUrl.parse(value).filter(thisRelay::contains).isPresent());
    }
}
