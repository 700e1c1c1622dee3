package dev.rookery.signature;

/// A verifier of BIP-340 signatures. Safe between threads.
@FunctionalInterface
public interface SignatureCheck {

    /// Whether it is a good signature of that key. Never throws: a key that is none, or numbers out of range, are
    /// false.
    ///
    /// @param id32     the 32 bytes that were signed
    /// @param pubkey32 the x coordinate of the public key
    /// @param sig64    r and s
    boolean verify(byte[] id32, byte[] pubkey32, byte[] sig64);
}
