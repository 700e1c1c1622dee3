package dev.rookery.load;

import dev.rookery.signature.SchnorrSigner;
import dev.rookery.signature.SignatureCheck;
import dev.rookery.signature.SignatureChecks;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// How fast this machine does a fixed work now: checking a signature, over and over, on one thread.
///
/// @param clockMicros for one check
/// @param cpuMicros   of processor time, for one check
record Yardstick(double clockMicros, double cpuMicros) {

    private static final int WARM_UP = 2_000;
    private static final int CHECKS = 5_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Yardstick measure() {
        byte[] message = new byte[32];
        SchnorrSigner signer = new SchnorrSigner(secret());
        byte[] signature = signer.sign(message);
        SignatureCheck check = SignatureChecks.best();
        Runnable one = () -> {
            if (!check.verify(message, signer.publicKey(), signature)) {
                throw new IllegalStateException("a good signature is refused");
            }
        };
        repeat(WARM_UP, one);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long clock = System.nanoTime();
        repeat(CHECKS, one);
        return new Yardstick(
                (System.nanoTime() - clock) / 1_000.0 / CHECKS,
                (THREADS.getCurrentThreadCpuTime() - cpu) / 1_000.0 / CHECKS);
    }

    /// What lies between this and another.
    Yardstick middle(Yardstick other) {
        return new Yardstick((clockMicros + other.clockMicros) / 2, (cpuMicros + other.cpuMicros) / 2);
    }

    private static void repeat(int times, Runnable work) {
        for (int i = 0; i < times; i++) {
            work.run();
        }
    }

    private static byte[] secret() {
        byte[] secret = new byte[32];
        secret[31] = 1;
        return secret;
    }
}
