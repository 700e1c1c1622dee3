package dev.rookery.signature;

/// Signs with one secret key. Safe between threads.
public final class SchnorrSigner {

    private static final byte[] NO_RANDOMNESS = new byte[32];

    private final Schnorr schnorr;
    private final byte[] secret;
    private final byte[] publicKey;

    /// @throws IllegalArgumentException unless it is 32 bytes, above 0 and below the curve's order
    public SchnorrSigner(byte[] secret32) {
        this(secret32, SignatureChecks.bestSchnorr());
    }

    SchnorrSigner(byte[] secret32, Schnorr schnorr) {
        this.schnorr = schnorr;
        this.secret = secret32.clone();
        this.publicKey = schnorr.publicKey(secret);
    }

    /// A new array: the x coordinate, 32 bytes.
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /// The same signature each time.
    public byte[] sign(byte[] message32) {
        return sign(message32, NO_RANDOMNESS);
    }

    /// @param random32 fresh random bytes, against attackers who can measure the machine
    public byte[] sign(byte[] message32, byte[] random32) {
        return schnorr.sign(message32, secret, random32);
    }
}
