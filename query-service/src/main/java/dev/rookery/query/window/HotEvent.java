package dev.rookery.query.window;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.event.EventReader;
import dev.rookery.event.GiftWraps;
import dev.rookery.event.Kinds;
import dev.rookery.event.TagHash;
import dev.rookery.json.MalformedMessageException;
import dev.rookery.order.Effect;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A stored event as the window keeps it: its canonical JSON, and what is asked of it most often. Immutable.
public final class HotEvent {

    static final Comparator<HotEvent> ORDER = (one, other) -> one == other ? 0 : one.isBefore(other) ? -1 : 1;

    /// The object, its fields, and what its place among the ids takes.
    private static final int OWN_BYTES = 64 + 2 * 48 + 48;

    private static final int ARRAY_BYTES = 16;
    private static final long NEVER = Long.MAX_VALUE;

    private final byte[] json;
    private final Bytes32 id;
    private final Bytes32 pubkey;
    private final long createdAt;
    private final long expiresAt;
    private final int kind;
    private final long[] tags;
    private final @Nullable Bytes32 recipient;

    HotEvent(Event event) {
        this.json = event.json();
        this.id = event.id();
        this.pubkey = event.pubkey();
        this.createdAt = event.createdAt();
        this.expiresAt = event.expiration().orElse(NEVER);
        this.kind = event.kind();
        this.tags = TagHash.all(event);
        Arrays.sort(tags);
        this.recipient = GiftWraps.recipient(event).orElse(null);
    }

    /// Shared: never to be modified.
    byte[] json() {
        return json;
    }

    /// Read anew with each call.
    Event event() {
        try {
            return EventReader.readTrusted(json);
        } catch (MalformedMessageException impossible) {
            throw new IllegalStateException("it was well formed when it came in", impossible);
        }
    }

    Bytes32 id() {
        return id;
    }

    Bytes32 pubkey() {
        return pubkey;
    }

    long createdAt() {
        return createdAt;
    }

    int kind() {
        return kind;
    }

    /// The hashes of its tags, sorted. Never to be modified.
    long[] tags() {
        return tags;
    }

    boolean isExpired(long nowSeconds) {
        return expiresAt <= nowSeconds;
    }

    /// Whether it comes before the other in the order of answers.
    boolean isBefore(HotEvent other) {
        return createdAt != other.createdAt ? createdAt > other.createdAt : id.compareTo(other.id) < 0;
    }

    /// Whether it has one of some tags.
    ///
    /// @param hashes sorted
    boolean hasAny(long[] hashes) {
        return hashes.length < tags.length ? isAny(hashes, tags) : isAny(tags, hashes);
    }

    private static boolean isAny(long[] few, long[] many) {
        for (long hash : few) {
            if (Arrays.binarySearch(many, hash) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// Whether it is gone with its author, or with whom it was sent to; the request itself, of the last second, is not.
    boolean isTouchedBy(Effect.Vanished vanished) {
        boolean concerned =
                pubkey.equals(vanished.author()) || (recipient != null && recipient.equals(vanished.author()));
        return concerned
                && (createdAt < vanished.upTo() || (createdAt == vanished.upTo() && kind != Kinds.REQUEST_TO_VANISH));
    }

    /// About how much memory it takes, but for the shelves that it is on.
    long bytes() {
        return OWN_BYTES + ARRAY_BYTES + json.length + ARRAY_BYTES + 8L * tags.length;
    }
}
