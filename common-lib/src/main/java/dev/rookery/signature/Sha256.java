package dev.rookery.signature;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 without looking its provider up each time.
public final class Sha256 {

    /// Never fed, only copied, so it may be shared.
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    public static MessageDigest digest() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            return fresh();
        }
    }

    public static byte[] of(byte[] input) {
        return digest().digest(input);
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
