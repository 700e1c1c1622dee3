package dev.rookery.topics;

import dev.rookery.order.Effect;
import dev.rookery.order.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record of `nostr.broadcast`: what was accepted, with its place in the one order and its effects.
///
/// @param position `Position.NONE` for an ephemeral event
/// @param kind of the event, which decides the partition
/// @param json the event; null when it was gone before it could be emitted, so that only its effects are told
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
public record BroadcastRecord(
        Position position, Origin origin, List<Effect> effects, int kind, byte @Nullable [] json) {

    public static BroadcastRecord ephemeral(int kind, byte[] json) {
        return new BroadcastRecord(Position.NONE, Origin.CLIENT, List.of(), kind, json);
    }

    public boolean isEphemeral() {
        return position.equals(Position.NONE);
    }
}
