package dev.rookery.gateway.connection;

/// What a client sent, as far as it matters: whole messages and control frames.
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, and never compared
sealed interface Frame {

    /// No code was given in a close frame (RFC 6455, 7.1.5).
    int NO_CODE = 1005;

    int PROTOCOL_ERROR = 1002;
    int NOT_UTF8 = 1007;
    int NOT_ALLOWED = 1008;
    int TOO_LARGE = 1009;

    /// A whole text message, put together, unmasked and inflated; whether it is UTF-8 is for its reader to say.
    record Text(byte[] message) implements Frame {}

    /// A whole binary message, of which nothing is kept.
    record Binary() implements Frame {}

    record Ping(byte[] payload) implements Frame {}

    record Pong() implements Frame {}

    /// @param code as the client gave it, or `NO_CODE`
    record Close(int code) implements Frame {}

    /// Nothing that follows can be understood; the connection is to be closed with this code.
    record Broken(int code, String reason) implements Frame {

        static Broken tooLarge(int mostBytes) {
            return new Broken(TOO_LARGE, "message longer than " + mostBytes + " bytes");
        }
    }
}
