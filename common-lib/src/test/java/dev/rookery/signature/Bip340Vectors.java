package dev.rookery.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// The test vectors that belong to BIP-340, those for messages of 32 bytes.
///
/// Source: github.com/bitcoin/bips, bip-0340/test-vectors.csv.
record Bip340Vectors() {

    record Vector(
            String index, byte[] secret, byte[] pubkey, byte[] random, byte[] message, byte[] signature, boolean good) {

        boolean isForSigning() {
            return secret.length > 0;
        }

        @Override
        public String toString() {
            return index;
        }
    }

    static List<Vector> read() {
        try (InputStream csv = Objects.requireNonNull(Bip340Vectors.class.getResourceAsStream("bip340-vectors.csv"))) {
            return new String(csv.readAllBytes(), UTF_8)
                    .lines()
                    .skip(1)
                    .map(Bip340Vectors::parse)
                    .filter(vector -> vector.message.length == 32)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector parse(String line) {
        String[] cells = line.split(",", -1);
        return new Vector(
                cells[0],
                hex(cells[1]),
                hex(cells[2]),
                hex(cells[3]),
                hex(cells[4]),
                hex(cells[5]),
                cells[6].equals("TRUE"));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
