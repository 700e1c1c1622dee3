package dev.rookery.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TokenBucketsTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private final AtomicLong now = new AtomicLong(-5 * SECOND);

    private TokenBuckets<String> buckets(int perMinute, int burst, int maxKeys) {
        return new TokenBuckets<>(new Rate(perMinute, burst), maxKeys, now::get);
    }

    private int taken(TokenBuckets<String> buckets, String key, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += buckets.take(key) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void givesTheBurstAndThenTheRate() {
        TokenBuckets<String> buckets = buckets(10, 60, 10);
        assertThat(taken(buckets, "a", 100)).isEqualTo(60);
        now.addAndGet(6 * SECOND - 1);
        assertThat(buckets.take("a")).isFalse();
        now.addAndGet(1);
        assertThat(taken(buckets, "a", 2)).isEqualTo(1);
        now.addAndGet(60 * SECOND);
        assertThat(taken(buckets, "a", 100)).isEqualTo(10);
        now.addAndGet(3600 * SECOND);
        assertThat(taken(buckets, "a", 100)).isEqualTo(60);
    }

    /// The original gave out half of what it should to whoever asked too often.
    @Test
    void refusalsCostNothing() {
        TokenBuckets<String> buckets = buckets(10, 1, 10);
        int taken = 0;
        for (int second = 0; second < 600; second++) {
            taken += taken(buckets, "a", 3);
            now.addAndGet(SECOND);
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void keepsKeysApart() {
        TokenBuckets<String> buckets = buckets(10, 1, 10);
        assertThat(buckets.take("a")).isTrue();
        assertThat(buckets.take("b")).isTrue();
        assertThat(buckets.take("a")).isFalse();
    }

    @Test
    void forgetsBucketsThatAreFullAndBoundsTheOthers() {
        TokenBuckets<String> buckets = buckets(60, 2, 2);
        assertThat(buckets.take("a")).isTrue();
        assertThat(buckets.take("b")).isTrue();
        assertThat(buckets.take("c")).isFalse();
        assertThat(buckets.take("a")).isTrue();
        now.addAndGet(2 * SECOND);
        assertThat(buckets.take("c")).isTrue();
        assertThat(buckets.keys()).isEqualTo(1);
    }

    @Test
    void aSingleBucketIsTheSame() {
        TokenBucket bucket = new TokenBucket(new Rate(60, 2), 0);
        assertThat(bucket.take(0, 1)).isTrue();
        assertThat(bucket.take(0, 1)).isTrue();
        assertThat(bucket.take(0, 1)).isFalse();
        assertThat(bucket.take(SECOND, 1)).isTrue();
        assertThat(bucket.take(SECOND, 1)).isFalse();
    }

    @Test
    void severalAtOnceCountAsThatManyButNeverAsMoreThanTheBurst() {
        TokenBuckets<String> buckets = buckets(60, 5, 10);
        assertThat(buckets.take("a", 3)).isTrue();
        assertThat(buckets.take("a", 3)).isFalse();
        assertThat(taken(buckets, "a", 10)).isEqualTo(2);
        assertThat(buckets.take("b", 1_000)).as("or it could never be done").isTrue();
        assertThat(buckets.take("b")).isFalse();
        now.addAndGet(5 * SECOND);
        assertThat(buckets.take("b", 1_000)).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgainButNeverMoreThanTheBurst() {
        TokenBuckets<String> buckets = buckets(10, 3, 10);
        buckets.giveBack("a");
        assertThat(taken(buckets, "a", 10)).isEqualTo(3);
        buckets.giveBack("a");
        buckets.giveBack("a");
        assertThat(taken(buckets, "a", 10)).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            buckets.giveBack("a");
        }
        assertThat(taken(buckets, "a", 10)).isEqualTo(3);
        now.addAndGet(6 * SECOND);
        assertThat(taken(buckets, "a", 10)).isEqualTo(1);
    }

    @Test
    void readsRatesAsSettingsWriteThem() {
        assertThat(Rate.valueOf("10 per minute, burst 60"))
                .isEqualTo(new Rate(10, 60))
                .hasToString("10 per minute, burst 60");
        for (String wrong :
                new String[] {"10", "0 per minute, burst 1", "1 per minute, burst 0", "-1 per minute, burst 1"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Rate.valueOf(wrong));
        }
    }
}
