package dev.rookery.signature;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses between the implementations of [SignatureCheck].
public final class SignatureChecks {

    /// The system property that, set to `java`, leaves the native library alone.
    public static final String PROPERTY = "rookery.signature";

    private static final Logger LOG = LoggerFactory.getLogger(SignatureChecks.class);

    private SignatureChecks() {}

    /// The native library, or Java where it does not load or is not wanted.
    public static SignatureCheck best() {
        return bestSchnorr();
    }

    static Schnorr bestSchnorr() {
        if ("java".equals(System.getProperty(PROPERTY))) {
            return new BouncyCastleCheck();
        }
        try {
            return new LibSecp256k1Check();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("libsecp256k1 does not load, signatures are checked in Java, several times slower", e);
            return new BouncyCastleCheck();
        }
    }
}
