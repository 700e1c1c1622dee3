package dev.rookery.topics;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves that a record or a link comes from a process of this suite: HMAC-SHA256 under the suite's secret.
/// Thread-safe.
public final class Seal {

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac keyed;

    /// @param secret shared by all processes of the suite, at least 16 characters
    public Seal(String secret) {
        if (secret.length() < 16) {
            throw new IllegalArgumentException("the suite's secret needs at least 16 characters");
        }
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException unavailable) {
            throw new IllegalStateException(ALGORITHM + " is part of every JDK", unavailable);
        }
    }

    /// The 32 bytes that seal the parts. Each part is preceded by its length, so no two lists of parts share a seal.
    public byte[] of(byte[]... parts) {
        Mac mac = fresh();
        for (byte[] part : parts) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                mac.update((byte) (part.length >>> shift));
            }
            mac.update(part);
        }
        return mac.doFinal();
    }

    /// Whether the seal is that of the parts; the time taken does not tell where it differs.
    public boolean fits(byte[] seal, byte[]... parts) {
        return MessageDigest.isEqual(seal, of(parts));
    }

    /// What a process shows when it opens a link to another.
    public String linkToken() {
        return HexFormat.of().formatHex(of("link".getBytes(StandardCharsets.US_ASCII)));
    }

    private Mac fresh() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's HMAC can be cloned", impossible);
        }
    }
}
