package dev.rookery.gateway.connection;

import org.jspecify.annotations.Nullable;

/// What the frames of one connection on their way refer to instead of holding it: several that refer to the same event
/// take its memory once. Confined to the connection's event loop.
final class ReferredBytes {

    /// What a frame takes beside what it refers to.
    static final int FRAME_COST = 256;

    private @Nullable Body last;
    private long spared;

    /// One event, until no frame on its way refers to it.
    final class Body {

        private final byte[] bytes;
        private int frames;

        private Body(byte[] bytes) {
            this.bytes = bytes;
        }

        /// The transport has taken one of the frames.
        void taken() {
            if (--frames > 0) {
                spared -= saving(bytes);
            } else if (last == this) {
                last = null;
            }
        }
    }

    /// One more frame refers to it.
    ///
    /// @param bytes the same array for all of them
    @SuppressWarnings("ReferenceEquality") // who sends it to several sends the same array
    Body refer(byte[] bytes) {
        Body body = last;
        if (body == null || body.bytes != bytes) {
            body = new Body(bytes);
            last = body;
        }
        if (body.frames++ > 0) {
            spared += saving(bytes);
        }
        return body;
    }

    /// So many of the bytes that are to be sent take no memory.
    long spared() {
        return spared;
    }

    private static int saving(byte[] bytes) {
        return Math.max(0, bytes.length - FRAME_COST);
    }
}
