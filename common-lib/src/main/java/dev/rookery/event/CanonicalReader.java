package dev.rookery.event;

import dev.rookery.json.JsonStrings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads an event's canonical form where it lies. What has a fixed place is checked, and the structure of the tags;
/// what stands in strings is believed.
final class CanonicalReader {

    private final byte[] json;
    private int at;

    private CanonicalReader(byte[] json) {
        this.json = json;
    }

    /// Null for what is not of that form.
    ///
    /// @param json becomes the event's own
    static @Nullable Event read(byte[] json) {
        return json.length < CanonicalForm.FIXED ? null : new CanonicalReader(json).event();
    }

    private @Nullable Event event() {
        Bytes32 id = isEndGood() && is(CanonicalForm.ID) ? bytes32() : null;
        Bytes32 pubkey = id != null && is(CanonicalForm.PUBKEY) ? bytes32() : null;
        if (id == null || pubkey == null || !is(CanonicalForm.CREATED_AT)) {
            return null;
        }
        int createdAtFrom = at;
        long createdAt = number(Event.LATEST);
        int kindFrom = at + CanonicalForm.KIND.length;
        long kind = createdAt >= 0 && is(CanonicalForm.KIND) ? number(Kinds.HIGHEST) : -1;
        if (kind < 0 || !is(CanonicalForm.TAGS)) {
            return null;
        }
        int tags = at;
        if (!areTags() || !is(CanonicalForm.CONTENT)) {
            return null;
        }
        CanonicalForm form = new CanonicalForm(json, createdAtFrom, kindFrom, tags, at);
        return at + 2 <= form.contentEnd() && json[at] == '"' && json[form.contentEnd() - 1] == '"'
                ? new Event(new Event.Head(id, pubkey, createdAt, (int) kind), form)
                : null;
    }

    /// Its quotes are also what keeps a string that has no end from being looked for behind the array.
    private boolean isEndGood() {
        int end = json.length - CanonicalForm.END.length;
        at = end - CanonicalForm.SIGNATURE_DIGITS - CanonicalForm.SIG.length;
        boolean good = is(CanonicalForm.SIG);
        at = end;
        good &= is(CanonicalForm.END);
        at = 0;
        return good;
    }

    private @Nullable Bytes32 bytes32() {
        at += Bytes32.HEX_DIGITS;
        return Bytes32.parseHex(json, at - Bytes32.HEX_DIGITS, at).orElse(null);
    }

    /// In its shortest form; -1 for anything else.
    private long number(long highest) {
        int from = at;
        long value = 0;
        while (at < json.length && json[at] >= '0' && json[at] <= '9' && value <= highest) {
            value = 10 * value + json[at++] - '0';
        }
        boolean shortest = at == from + 1 || (at > from && json[from] != '0');
        return shortest && value <= highest ? value : -1;
    }

    private boolean areTags() {
        if (!is('[')) {
            return false;
        }
        if (is(']')) {
            return true;
        }
        do {
            if (!isTag()) {
                return false;
            }
        } while (is(','));
        return is(']');
    }

    private boolean isTag() {
        if (!is('[')) {
            return false;
        }
        do {
            if (!is('"')) {
                return false;
            }
            at = JsonStrings.end(json, at) + 1;
        } while (is(','));
        return is(']');
    }

    private boolean is(char wanted) {
        boolean there = at < json.length && json[at] == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private boolean is(byte[] wanted) {
        int end = at + wanted.length;
        boolean there = end <= json.length && Arrays.equals(json, at, end, wanted, 0, wanted.length);
        at = there ? end : at;
        return there;
    }
}
