package io.tributary.schedule;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits after failures in a row: {@code first} after the first one, {@code factor} times as long after each further
 * one, {@code cap} at most.
 *
 * @param first wait after one failure, longer than 0
 * @param factor 1 and up
 * @param cap longest wait before jitter, not shorter than {@code first}
 * @param jitter share of a wait, 0 to 1, by which it is made longer or shorter at random
 */
public record Backoff(Duration first, double factor, Duration cap, double jitter) {

    public Backoff {
        if (!first.isPositive() || factor < 1 || cap.compareTo(first) < 0 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException(
                    "no back-off: first " + first + ", factor " + factor + ", cap " + cap + ", jitter " + jitter);
        }
    }

    /** The wait after this number of failures in a row, 1 and up, without jitter. */
    public Duration after(int failures) {
        double grown = first.toMillis() * Math.pow(factor, Math.max(failures, 1) - 1);
        return grown < cap.toMillis() ? Duration.ofMillis((long) grown) : cap;
    }

    /** The same with jitter, so that callers that failed together do not retry together. */
    public Duration after(int failures, RandomGenerator random) {
        double share = 1 - jitter + 2 * jitter * random.nextDouble();
        return Duration.ofMillis((long) (after(failures).toMillis() * share));
    }
}
