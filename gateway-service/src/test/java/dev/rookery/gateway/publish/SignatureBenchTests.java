package dev.rookery.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.event.Bytes32;
import dev.rookery.event.Event;
import dev.rookery.gateway.address.AddressBlock;
import dev.rookery.message.Verdict;
import dev.rookery.signature.SchnorrSigner;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignatureBenchTests {

    private static final Sender NOBODY = new Sender() {
        @Override
        public AddressBlock address() {
            return AddressBlock.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public void answered(Bytes32 id, Verdict verdict) {}
    };

    private static SchnorrSigner signer(int number) {
        byte[] key = new byte[32];
        key[31] = (byte) number;
        return new SchnorrSigner(key);
    }

    private static Submission submission(SchnorrSigner author, int number) {
        return new Submission(Event.of(author, number, 1, List.of(), ""), NOBODY, 0);
    }

    /// What one author sends is logged in the order sent, though another thread is faster with the next one.
    @Test
    void handsTheEventsOfAnAuthorOnInTheOrderInWhichTheyCameIn() {
        List<String> handedOn = new ArrayList<>();
        AuthorOrder order = new AuthorOrder((submission, refusal) ->
                handedOn.add(submission.event().createdAt() + (refusal == null ? "" : " refused")));
        AuthorOrder.Place first = order.enter(submission(signer(1), 1));
        AuthorOrder.Place second = order.enter(submission(signer(1), 2));
        AuthorOrder.Place third = order.enter(submission(signer(1), 3));
        AuthorOrder.Place ofAnother = order.enter(submission(signer(2), 4));
        second.checked(Verdicts.BAD_SIGNATURE);
        assertThat(handedOn).isEmpty();
        ofAnother.checked(null);
        first.checked(null);
        assertThat(handedOn).containsExactly("4", "1", "2 refused");
        third.checked(null);
        assertThat(handedOn).hasSize(4).endsWith("3");
    }

    /// Whoever finds another at work may go, because that one looks again.
    @Test
    void nothingIsLeftBehindWhenTwoAreDoneAtTheSameMoment() throws Exception {
        Submission any = submission(signer(1), 1);
        AtomicInteger handedOn = new AtomicInteger();
        AuthorOrder order = new AuthorOrder((submission, refusal) -> handedOn.incrementAndGet());
        AtomicInteger round = new AtomicInteger();
        Queue<AuthorOrder.Place> second = new ConcurrentLinkedQueue<>();
        int rounds = 50_000;
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= rounds; i++) {
                spinUntil(round, i);
                AuthorOrder.Place place = second.remove();
                spin(i % 40);
                place.checked(null);
                round.set(-i);
            }
        });
        for (int i = 1; i <= rounds; i++) {
            AuthorOrder.Place first = order.enter(any);
            second.add(order.enter(any));
            round.set(i);
            spin(i / 40 % 40);
            first.checked(null);
            spinUntil(round, -i);
            assertThat(handedOn.get()).as("round %d", i).isEqualTo(2 * i);
        }
        other.join();
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static void spinUntil(AtomicInteger round, int wanted) {
        for (int spins = 0; round.get() != wanted; spins++) {
            if (spins % 1_000 == 999) {
                Thread.yield();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// Both threads are at work on one author's events at the same time.
    @Test
    void checksTheEventsOfOneAuthorInParallel() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch bothAreChecked = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(2);
        SignatureBench.Check check = submission -> {
            begun.countDown();
            bothAreChecked.countDown();
            awaitQuietly(bothAreChecked);
            return bothAreChecked.getCount() == 0 ? null : Verdicts.BAD_SIGNATURE;
        };
        Queue<String> handedOn = new ConcurrentLinkedQueue<>();
        try (SignatureBench bench = new SignatureBench(2, 10, check, (submission, refusal) -> {
            handedOn.add(refusal == null ? "good" : "alone");
            done.countDown();
        })) {
            bench.submit(submission(signer(1), 1));
            awaitQuietly(begun);
            bench.submit(submission(signer(1), 2));
            assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(handedOn).containsExactly("good", "good");
        }
    }

    @Test
    void keepsTheOrderOfEachAuthorWithWhateverChecksTake() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<SchnorrSigner> authors = List.of(signer(1), signer(2), signer(3), signer(4), signer(5));
        List<Submission> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(submission(authors.get(random.nextInt(authors.size())), i));
        }
        Map<Submission, Integer> spins = new HashMap<>();
        all.forEach(submission -> spins.put(submission, random.nextInt(5) == 0 ? 20_000 : 0));
        CountDownLatch done = new CountDownLatch(all.size());
        Queue<Submission> handedOn = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        SignatureBench.Check check = submission -> {
            for (int i = 0; i < spins.getOrDefault(submission, 0); i++) {
                Thread.onSpinWait();
            }
            return submission.event().createdAt() % 7 == 0 ? Verdicts.BAD_SIGNATURE : null;
        };
        try (SignatureBench bench = new SignatureBench(4, all.size(), check, (submission, refusal) -> {
            refused.addAndGet(refusal == null ? 0 : 1);
            handedOn.add(submission);
            done.countDown();
        })) {
            all.forEach(bench::submit);
            assertThat(done.await(50, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
        }
        assertThat(refused).hasValue(286);
        Map<Bytes32, Long> last = new HashMap<>();
        for (Submission submission : handedOn) {
            Event event = submission.event();
            assertThat(event.createdAt()).as("seed %d", seed).isGreaterThan(last.getOrDefault(event.pubkey(), -1L));
            last.put(event.pubkey(), event.createdAt());
        }
    }

    /// Those that are checked and wait for one before them count, or nothing would bound them.
    @Test
    void countsWhatIsCheckedButHasNotGoneOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch checked = new CountDownLatch(3);
        Submission first = submission(signer(1), 1);
        SignatureBench.Check check = submission -> {
            begun.countDown();
            if (submission.equals(first)) {
                awaitQuietly(free);
            } else {
                checked.countDown();
            }
            return null;
        };
        try (SignatureBench bench = new SignatureBench(2, 4, check, (submission, refusal) -> {})) {
            bench.submit(first);
            awaitQuietly(begun);
            for (int i = 2; i <= 4; i++) {
                assertThat(bench.submit(submission(signer(1), i))).isTrue();
            }
            assertThat(checked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(bench.waiting()).isEqualTo(4);
            assertThat(bench.submit(submission(signer(1), 5))).isFalse();
            free.countDown();
        }
    }
}
