package dev.rookery.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.MessageDigest;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/// BIP-340 in Java, on Bouncy Castle's curve arithmetic. Three to six times slower than the native library; signing
/// with it takes a time that depends on the key, so it is for tests, and for machines that have nothing else.
public final class BouncyCastleCheck implements Schnorr {

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger ORDER = CURVE.getN();
    private static final BigInteger PRIME = CURVE.getCurve().getField().getCharacteristic();

    private static final byte[] CHALLENGE = tag("BIP0340/challenge");
    private static final byte[] AUX = tag("BIP0340/aux");
    private static final byte[] NONCE = tag("BIP0340/nonce");

    @Override
    public boolean verify(byte[] id32, byte[] pubkey32, byte[] sig64) {
        if (id32.length != 32 || pubkey32.length != 32 || sig64.length != 64) {
            return false;
        }
        BigInteger r = new BigInteger(1, sig64, 0, 32);
        BigInteger s = new BigInteger(1, sig64, 32, 32);
        if (r.compareTo(PRIME) >= 0 || s.compareTo(ORDER) >= 0) {
            return false;
        }
        try {
            ECPoint key = pointWithEvenY(pubkey32);
            BigInteger challenge = challenge(sig64, pubkey32, id32);
            ECPoint nonce = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), s, key, ORDER.subtract(challenge))
                    .normalize();
            return !nonce.isInfinity()
                    && hasEvenY(nonce)
                    && nonce.getAffineXCoord().toBigInteger().equals(r);
        } catch (IllegalArgumentException e) {
            // The key is no point of the curve.
            return false;
        }
    }

    @Override
    public byte[] publicKey(byte[] secret32) {
        return timesGenerator(secret(secret32)).getAffineXCoord().getEncoded();
    }

    @Override
    public byte[] sign(byte[] message32, byte[] secret32, byte[] random32) {
        BigInteger secret = secret(secret32);
        ECPoint point = timesGenerator(secret);
        byte[] pubkey = point.getAffineXCoord().getEncoded();
        BigInteger evenSecret = hasEvenY(point) ? secret : ORDER.subtract(secret);

        byte[] masked = BigIntegers.asUnsignedByteArray(32, evenSecret);
        byte[] mask = tagged(AUX, random32);
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= mask[i];
        }
        BigInteger secretNonce = scalar(tagged(NONCE, masked, pubkey, message32));
        ECPoint nonce = timesGenerator(secretNonce);
        BigInteger evenNonce = hasEvenY(nonce) ? secretNonce : ORDER.subtract(secretNonce);

        byte[] signature = new byte[64];
        System.arraycopy(nonce.getAffineXCoord().getEncoded(), 0, signature, 0, 32);
        BigInteger challenge = challenge(signature, pubkey, message32);
        BigInteger s = challenge.multiply(evenSecret).add(evenNonce).mod(ORDER);
        BigIntegers.asUnsignedByteArray(s, signature, 32, 32);
        return signature;
    }

    private static BigInteger challenge(byte[] signature, byte[] pubkey32, byte[] message32) {
        MessageDigest digest = Sha256.digest();
        digest.update(CHALLENGE);
        digest.update(signature, 0, 32);
        digest.update(pubkey32);
        return scalar(digest.digest(message32));
    }

    private static ECPoint timesGenerator(BigInteger scalar) {
        return new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar).normalize();
    }

    /// @throws IllegalArgumentException if no point has that x coordinate
    private static ECPoint pointWithEvenY(byte[] x) {
        byte[] compressed = new byte[33];
        compressed[0] = 2;
        System.arraycopy(x, 0, compressed, 1, 32);
        return CURVE.getCurve().decodePoint(compressed);
    }

    private static boolean hasEvenY(ECPoint normalized) {
        return !normalized.getAffineYCoord().testBitZero();
    }

    private static BigInteger secret(byte[] secret32) {
        BigInteger secret = new BigInteger(1, secret32);
        if (secret32.length != 32 || secret.signum() == 0 || secret.compareTo(ORDER) >= 0) {
            throw new IllegalArgumentException("not a secret key");
        }
        return secret;
    }

    private static BigInteger scalar(byte[] hash) {
        return new BigInteger(1, hash).mod(ORDER);
    }

    /// Twice the hash of a tag, with which BIP-340 begins each hash of a purpose.
    private static byte[] tag(String name) {
        byte[] hash = Sha256.of(name.getBytes(US_ASCII));
        byte[] twice = new byte[64];
        System.arraycopy(hash, 0, twice, 0, 32);
        System.arraycopy(hash, 0, twice, 32, 32);
        return twice;
    }

    private static byte[] tagged(byte[] tag, byte[]... parts) {
        MessageDigest digest = Sha256.digest();
        digest.update(tag);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
