package dev.rookery.topics;

/// Where an event came from, as far as it matters to those who read it later. An event of a client is both
/// delivered and archived.
///
/// @param deliver whether open subscriptions receive it
/// @param archive whether the archive takes it
public record Origin(boolean deliver, boolean archive) {

    public static final Origin CLIENT = new Origin(true, true);

    private static final int NOT_DELIVERED = 1;
    private static final int NOT_ARCHIVED = 2;

    /// Flags: 1 do not deliver, 2 do not archive; others are ignored.
    public static Origin ofFlags(int flags) {
        return new Origin((flags & NOT_DELIVERED) == 0, (flags & NOT_ARCHIVED) == 0);
    }

    public byte flags() {
        return (byte) ((deliver ? 0 : NOT_DELIVERED) | (archive ? 0 : NOT_ARCHIVED));
    }
}
