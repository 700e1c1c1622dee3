package dev.rookery.gateway.connection;

/// What is compressed on its way to clients that offer permessage-deflate. Whatever they send may be, unless it is
/// `NONE`.
public enum Compression {
    /// It is not agreed on with any client.
    NONE,
    /// Events that go to several connections at once, which costs next to nothing for each of them.
    SHARED,
    /// Stored events and all else too, at the cost of thirty times what sending them costs otherwise.
    ALL
}
