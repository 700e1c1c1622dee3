package dev.rookery.message;

import dev.rookery.event.Bytes32;
import dev.rookery.json.JsonBuffer;
import java.util.HexFormat;

/// What the relay sends, as compact JSON in UTF-8. Clients take apart such messages by byte offset, so there is no
/// white
/// space anywhere.
public final class RelayMessages {

    private RelayMessages() {}

    /// NIP-01 `["OK",<event id>,<accepted>,<message>]`.
    public static byte[] ok(Bytes32 id, boolean accepted, String message) {
        return ok(id.toString(), accepted, message);
    }

    /// The same for an id in hex.
    public static byte[] ok(String id, boolean accepted, String message) {
        return start("OK", id)
                .raw(accepted ? ",true," : ",false,")
                .string(message)
                .raw(']')
                .toBytes();
    }

    /// NIP-01 `["EOSE",<subscription>]`.
    public static byte[] eose(String subscription) {
        return start("EOSE", subscription).raw(']').toBytes();
    }

    /// NIP-67 `["EOSE",<subscription>,[<hint>]]`.
    public static byte[] eose(String subscription, String hint) {
        return start("EOSE", subscription).raw(",[").string(hint).raw("]]").toBytes();
    }

    /// NIP-01 `["CLOSED",<subscription>,<reason>]`.
    public static byte[] closed(String subscription, String reason) {
        return start("CLOSED", subscription).raw(',').string(reason).raw(']').toBytes();
    }

    /// NIP-01 `["NOTICE",<text>]`.
    public static byte[] notice(String text) {
        return start("NOTICE", text).raw(']').toBytes();
    }

    /// NIP-42 `["AUTH",<challenge>]`.
    public static byte[] auth(String challenge) {
        return start("AUTH", challenge).raw(']').toBytes();
    }

    /// NIP-45 `["COUNT",<query>,{"count":<n>}]`, with `"hll"` where there are registers.
    public static byte[] count(String query, long count, byte[] registers) {
        JsonBuffer json = start("COUNT", query).raw(",{\"count\":").number(count);
        if (registers.length > 0) {
            json.raw(",\"hll\":\"").raw(HexFormat.of().formatHex(registers)).raw('"');
        }
        return json.raw("}]").toBytes();
    }

    /// NIP-77 `["NEG-MSG",<subscription>,<message in hex>]`.
    public static byte[] negMessage(String subscription, byte[] message) {
        return start("NEG-MSG", subscription)
                .raw(",\"")
                .raw(HexFormat.of().formatHex(message))
                .raw("\"]")
                .toBytes();
    }

    /// NIP-77 `["NEG-ERR",<subscription>,<reason>]`.
    public static byte[] negError(String subscription, String reason) {
        return start("NEG-ERR", subscription).raw(',').string(reason).raw(']').toBytes();
    }

    /// `["EVENT",<subscription>,`: the event's own JSON follows, then `]`.
    public static byte[] eventPrefix(String subscription) {
        return start("EVENT", subscription).raw(',').toBytes();
    }

    private static JsonBuffer start(String verb, String first) {
        JsonBuffer json = new JsonBuffer(32 + first.length());
        return json.raw("[\"").raw(verb).raw("\",").string(first);
    }
}
