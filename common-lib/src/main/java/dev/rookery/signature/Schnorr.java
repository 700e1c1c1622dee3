package dev.rookery.signature;

/// BIP-340 as a whole, both ways.
sealed interface Schnorr extends SignatureCheck permits LibSecp256k1Check, BouncyCastleCheck {

    /// The x coordinate of the secret key's point: 32 bytes.
    ///
    /// @throws IllegalArgumentException if the secret key is 0 or not below the curve's order
    byte[] publicKey(byte[] secret32);

    /// @param random32 fresh random bytes; zeros make signing repeatable
    /// @throws IllegalArgumentException as above
    byte[] sign(byte[] message32, byte[] secret32, byte[] random32);
}
