package dev.rookery.signature;

import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;

/// BIP-340 by Bitcoin Core's libsecp256k1, native.
public final class LibSecp256k1Check implements Schnorr {

    private final Secp256k1 library;

    /// Unpacks and loads the native library, which fails in many ways where there is none for the platform.
    public LibSecp256k1Check() {
        library = Secp256k1.get();
    }

    @Override
    public boolean verify(byte[] id32, byte[] pubkey32, byte[] sig64) {
        try {
            return id32.length == 32 && library.verifySchnorr(sig64, id32, pubkey32);
        } catch (Secp256k1Exception | IllegalArgumentException e) {
            // The key is no point of the curve, or something has a wrong length.
            return false;
        }
    }

    @Override
    public byte[] publicKey(byte[] secret32) {
        checkSecret(secret32);
        byte[] uncompressed = library.pubkeyCreate(secret32);
        return Arrays.copyOfRange(uncompressed, 1, 33);
    }

    @Override
    public byte[] sign(byte[] message32, byte[] secret32, byte[] random32) {
        checkSecret(secret32);
        return library.signSchnorr(message32, secret32, random32);
    }

    private void checkSecret(byte[] secret32) {
        if (secret32.length != 32 || !library.secKeyVerify(secret32)) {
            throw new IllegalArgumentException("not a secret key");
        }
    }
}
