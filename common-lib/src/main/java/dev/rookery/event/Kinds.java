package dev.rookery.event;

/// How long an event lives, by its kind.
public final class Kinds {

    public static final int HIGHEST = 65_535;

    /// NIP-09.
    public static final int DELETION = 5;

    /// NIP-62.
    public static final int REQUEST_TO_VANISH = 62;

    private Kinds() {}

    /// NIP-01: of kinds 0, 3 and 10000 to 19999 only the latest for each author and kind is kept.
    public static boolean isReplaceable(int kind) {
        return kind == 0 || kind == 3 || (kind >= 10_000 && kind < 20_000);
    }

    /// NIP-01: kinds 20000 to 29999 are "not expected to be stored by relays".
    public static boolean isEphemeral(int kind) {
        return kind >= 20_000 && kind < 30_000;
    }

    /// NIP-01: of kinds 30000 to 39999 only the latest for each author, kind and `d` is kept.
    public static boolean isAddressable(int kind) {
        return kind >= 30_000 && kind < 40_000;
    }

    /// NIP-01 leaves 45 to 999 and 40000 and above open; they are kept like regular ones.
    public static boolean isRegular(int kind) {
        return !isReplaceable(kind) && !isEphemeral(kind) && !isAddressable(kind);
    }
}
