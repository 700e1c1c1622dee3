package dev.rookery.benchmarks;

import dev.rookery.event.Event;
import dev.rookery.signature.BouncyCastleCheck;
import dev.rookery.signature.LibSecp256k1Check;
import dev.rookery.signature.SignatureCheck;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Checking the signatures of real events.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
@State(Scope.Thread)
public class SignatureBenchmark {

    private final SignatureCheck library = new LibSecp256k1Check();
    private final SignatureCheck java = new BouncyCastleCheck();

    @Benchmark
    public boolean libSecp256k1(EventRing ring) {
        return verify(library, ring.nextEvent());
    }

    @Benchmark
    public boolean bouncyCastle(EventRing ring) {
        return verify(java, ring.nextEvent());
    }

    private static boolean verify(SignatureCheck check, Event event) {
        return check.verify(event.id().toBytes(), event.pubkey().toBytes(), event.signature());
    }
}
