package io.tributary.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void letsABurstThroughAndThenSaysHowLongToWait() {
        var bucket = new TokenBucket(2, 3, 0);

        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(0)).isZero();
        }

        assertThat(bucket.take(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(501));
    }

    @Test
    void fillsUpWithTimeToTheBurstAndNoFurther() {
        var bucket = new TokenBucket(2, 3, 0);
        for (int i = 0; i < 3; i++) {
            bucket.take(0);
        }

        assertThat(bucket.take(SECOND)).isZero();
        assertThat(bucket.take(SECOND)).isZero();
        assertThat(bucket.take(SECOND)).isPositive();
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(100 * SECOND)).isZero();
        }
        assertThat(bucket.take(100 * SECOND)).isPositive();
    }
}
