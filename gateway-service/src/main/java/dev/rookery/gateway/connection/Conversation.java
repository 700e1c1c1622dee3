package dev.rookery.gateway.connection;

/// What is said on one connection, apart from how it is framed. Called on the connection's event loop only.
public interface Conversation {

    /// A whole text message, which may not be UTF-8.
    void hear(byte[] message);

    /// Whether more may be read now. When the answer has been no, the conversation calls `Peer.readOn` once it is
    /// yes again.
    boolean wantsMore();

    /// Whether something that was said still waits for its answer.
    boolean awaitsAnswers();

    /// The connection is gone. Comes last, and once.
    void ended();
}
