package dev.rookery.json;

/// Well-formed UTF-8 as of the Unicode Standard, table 3-7: shortest forms only, no surrogates, nothing above
/// U+10FFFF.
public final class Utf8 {

    private Utf8() {}

    public static boolean isWellFormed(byte[] data, int from, int to) {
        int at = ByteScan.endOfAscii(data, from, to);
        while (at < to) {
            int length = sequenceLength(data, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
            if (at < to && data[at] >= 0) {
                at = ByteScan.endOfAscii(data, at, to);
            }
        }
        return true;
    }

    /// The length of the well-formed sequence of two to four bytes that begins at `at`; 0 if there is none.
    private static int sequenceLength(byte[] data, int at, int to) {
        int lead = data[at] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || to - at < length || !secondFits(lead, data[at + 1] & 0xFF)) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((data[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static boolean secondFits(int lead, int second) {
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
