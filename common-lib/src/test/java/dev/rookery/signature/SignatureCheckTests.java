package dev.rookery.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rookery.signature.Bip340Vectors.Vector;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SignatureCheckTests {

    private static final long SEED = 340;

    private static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final byte[] PRIME =
            HexFormat.of().parseHex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");

    static List<Schnorr> implementations() {
        return List.of(new LibSecp256k1Check(), new BouncyCastleCheck());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void agreesWithEveryVectorOfBip340(Schnorr schnorr) {
        assertThat(Bip340Vectors.read())
                .hasSizeGreaterThan(14)
                .allSatisfy(vector -> assertThat(schnorr.verify(vector.message(), vector.pubkey(), vector.signature()))
                        .isEqualTo(vector.good()));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void signsAsTheVectorsOfBip340(Schnorr schnorr) {
        assertThat(Bip340Vectors.read().stream().filter(Vector::isForSigning))
                .hasSizeGreaterThan(3)
                .allSatisfy(vector -> {
                    assertThat(schnorr.publicKey(vector.secret())).isEqualTo(vector.pubkey());
                    assertThat(schnorr.sign(vector.message(), vector.secret(), vector.random()))
                            .isEqualTo(vector.signature());
                });
    }

    @Test
    void bothImplementationsSignAlikeAndAgreeOnEveryMutation() {
        Random random = new Random(SEED);
        Schnorr library = new LibSecp256k1Check();
        Schnorr java = new BouncyCastleCheck();
        for (int i = 0; i < 60; i++) {
            byte[] secret = bytes(random);
            byte[] message = bytes(random);
            byte[] fresh = bytes(random);
            byte[] pubkey = library.publicKey(secret);
            byte[] signature = library.sign(message, secret, fresh);
            assertThat(java.publicKey(secret)).isEqualTo(pubkey);
            assertThat(java.sign(message, secret, fresh)).isEqualTo(signature);
            assertThat(library.verify(message, pubkey, signature)).isTrue();
            assertThat(java.verify(message, pubkey, signature)).isTrue();
            for (byte[][] wrong : mutations(random, message, pubkey, signature)) {
                assertThat(library.verify(wrong[0], wrong[1], wrong[2]))
                        .as("seed %d, round %d", SEED, i)
                        .isFalse();
                assertThat(java.verify(wrong[0], wrong[1], wrong[2]))
                        .as("seed %d, round %d", SEED, i)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesKeysThatAreNoneWithoutThrowing(Schnorr schnorr) {
        Vector good = Bip340Vectors.read().getFirst();
        List<String> keys = List.of(
                "eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
                "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
                "0".repeat(64),
                "f".repeat(64));
        assertThat(keys)
                .allSatisfy(key -> assertThat(
                                schnorr.verify(good.message(), HexFormat.of().parseHex(key), good.signature()))
                        .isFalse());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesInputOfOtherLengthsWithoutThrowing(Schnorr schnorr) {
        Vector good = Bip340Vectors.read().getFirst();
        byte[] shortKey = Arrays.copyOf(good.pubkey(), 31);
        assertThat(schnorr.verify(good.message(), shortKey, good.signature())).isFalse();
        assertThat(schnorr.verify(new byte[31], good.pubkey(), good.signature()))
                .isFalse();
        assertThat(schnorr.verify(good.message(), good.pubkey(), new byte[63])).isFalse();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesSecretKeysOutOfRange(Schnorr schnorr) {
        byte[] order = BigIntegers.asUnsignedByteArray(32, ORDER);
        assertThatIllegalArgumentException().isThrownBy(() -> schnorr.publicKey(new byte[32]));
        assertThatIllegalArgumentException().isThrownBy(() -> schnorr.publicKey(order));
        assertThatIllegalArgumentException().isThrownBy(() -> schnorr.sign(new byte[32], order, new byte[32]));
    }

    @Test
    void choosesJavaWhereThatIsWanted() {
        boolean java = "java".equals(System.getProperty(SignatureChecks.PROPERTY));
        assertThat(SignatureChecks.best()).isInstanceOf(java ? BouncyCastleCheck.class : LibSecp256k1Check.class);
    }

    @Test
    void aSignerSignsTheSameEachTimeUnlessGivenRandomness() {
        byte[] secret = bytes(new Random(SEED));
        byte[] message = bytes(new Random(SEED + 1));
        SchnorrSigner signer = new SchnorrSigner(secret);
        byte[] other = signer.sign(message, secret);
        assertThat(signer.sign(message)).isEqualTo(signer.sign(message)).isNotEqualTo(other);
        assertThat(SignatureChecks.best().verify(message, signer.publicKey(), other))
                .isTrue();
    }

    private static List<byte[][]> mutations(Random random, byte[] message, byte[] pubkey, byte[] signature) {
        byte[] s = Arrays.copyOfRange(signature, 32, 64);
        byte[] negated = BigIntegers.asUnsignedByteArray(32, ORDER.subtract(new BigInteger(1, s)));
        byte[] order = BigIntegers.asUnsignedByteArray(32, ORDER);
        List<byte[][]> all = new ArrayList<>();
        all.add(new byte[][] {flip(random, message), pubkey, signature});
        all.add(new byte[][] {message, flip(random, pubkey), signature});
        all.add(new byte[][] {message, pubkey, flip(random, signature)});
        all.add(new byte[][] {message, pubkey, put(signature, 32, negated)});
        all.add(new byte[][] {message, pubkey, put(signature, 32, order)});
        all.add(new byte[][] {message, pubkey, put(signature, 0, PRIME)});
        all.add(new byte[][] {message, pubkey, new byte[64]});
        return all;
    }

    private static byte[] flip(Random random, byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    private static byte[] put(byte[] target, int at, byte[] source) {
        byte[] copy = target.clone();
        System.arraycopy(source, 0, copy, at, source.length);
        return copy;
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }
}
