package io.tributary.integrations.api;

import java.time.Duration;

/**
 * How hard an integration may work.
 *
 * @param concurrency tasks at a time, 1 to 1,000; default 8
 * @param requestsPerSecond tasks started a second, 0.001 and up, infinity for no limit; default no limit
 * @param burst tasks that may start at once after a rest, 1 and up; default {@code concurrency}
 * @param sharedBy what {@code concurrency}, {@code requestsPerSecond} and {@code burst} are counted for; default each
 *     user integration
 * @param taskTimeout how long a task may run, 1 s to 1 h; default 5 min
 * @param attempts how often a task is tried, 1 to 100; default 3
 * @param backoff wait before the second attempt, doubled for each further one, with jitter, capped at
 *     {@code backoffCap}; 0 and up; default 2 s
 * @param backoffCap longest wait between two attempts; default 5 min
 */
public record Limits(
        int concurrency,
        double requestsPerSecond,
        int burst,
        SharedBy sharedBy,
        Duration taskTimeout,
        int attempts,
        Duration backoff,
        Duration backoffCap) {

    /** What shares the limits, because the provider counts that way. */
    public enum SharedBy {
        /** Each user integration has the limits to itself. */
        USER_INTEGRATION,
        /**
         * All user integrations of this integration together, on all workers: the provider counts for the app that
         * they were connected with. A worker takes the share of the partitions that it owns.
         */
        PROVIDER_APP
    }

    /** The defaults above. */
    public static final Limits DEFAULT = new Limits(
            8,
            Double.POSITIVE_INFINITY,
            8,
            SharedBy.USER_INTEGRATION,
            Duration.ofMinutes(5),
            3,
            Duration.ofSeconds(2),
            Duration.ofMinutes(5));

    public Limits {
        check(concurrency >= 1 && concurrency <= 1000, "concurrency", concurrency, "1 to 1,000");
        check(requestsPerSecond >= 0.001, "requestsPerSecond", requestsPerSecond, "0.001 and up");
        check(burst >= 1, "burst", burst, "1 and up");
        check(
                taskTimeout.toMillis() >= 1000 && taskTimeout.compareTo(Duration.ofHours(1)) <= 0,
                "taskTimeout",
                taskTimeout,
                "1 second to 1 hour");
        check(attempts >= 1 && attempts <= 100, "attempts", attempts, "1 to 100");
        check(!backoff.isNegative(), "backoff", backoff, "0 and up");
        check(backoffCap.compareTo(backoff) >= 0, "backoffCap", backoffCap, "backoff and up");
    }

    public Limits withConcurrency(int concurrency) {
        return new Limits(concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, backoffCap);
    }

    public Limits withRate(double requestsPerSecond, int burst) {
        return new Limits(concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, backoffCap);
    }

    public Limits withSharedBy(SharedBy sharedBy) {
        return new Limits(concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, backoffCap);
    }

    public Limits withTaskTimeout(Duration taskTimeout) {
        return new Limits(concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, backoffCap);
    }

    public Limits withAttempts(int attempts, Duration backoff) {
        Duration cap = backoffCap.compareTo(backoff) >= 0 ? backoffCap : backoff;
        return new Limits(concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, cap);
    }

    private static void check(boolean holds, String what, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be " + range);
        }
    }
}
