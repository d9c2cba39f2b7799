package io.tributary.integrations.api;

import java.time.Duration;

/**
 * Limits of an integration's tasks.
 *
 * @param concurrency concurrent tasks, 1 to 1,000; default 8
 * @param requestsPerSecond tasks started a second, 0.001 and up, infinity for no limit; default no limit
 * @param burst tasks that may start together after an idle time, 1 and up; default {@code concurrency}
 * @param sharedBy scope of {@code concurrency}, {@code requestsPerSecond} and {@code burst}; default each user
 *     integration
 * @param taskTimeout longest time of a task, 1 s to 1 h; default 5 min
 * @param attempts most attempts of a task, 1 to 100; default 3
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

    /** The scope of the limits, which follows the way the provider counts. */
    public enum SharedBy {
        /** Each user integration has its own limits. */
        USER_INTEGRATION,
        /**
         * All user integrations of this integration share the limits, on all workers: the provider counts for the app
         * that they were connected with. The share of a worker is the share of its partitions.
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
        return toBuilder().concurrency(concurrency).build();
    }

    public Limits withRate(double requestsPerSecond, int burst) {
        return toBuilder().rate(requestsPerSecond, burst).build();
    }

    public Limits withSharedBy(SharedBy sharedBy) {
        return toBuilder().sharedBy(sharedBy).build();
    }

    public Limits withTaskTimeout(Duration taskTimeout) {
        return toBuilder().taskTimeout(taskTimeout).build();
    }

    public Limits withAttempts(int attempts, Duration backoff) {
        Duration cap = backoffCap.compareTo(backoff) >= 0 ? backoffCap : backoff;
        return toBuilder().attempts(attempts).backoff(backoff, cap).build();
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return DEFAULT.toBuilder();
    }

    /** Begins with these limits. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects limits; {@link #build} checks them. Not thread safe. */
    public static final class Builder {

        private int concurrency;
        private double requestsPerSecond;
        private int burst;
        private SharedBy sharedBy;
        private Duration taskTimeout;
        private int attempts;
        private Duration backoff;
        private Duration backoffCap;

        private Builder(Limits from) {
            this.concurrency = from.concurrency;
            this.requestsPerSecond = from.requestsPerSecond;
            this.burst = from.burst;
            this.sharedBy = from.sharedBy;
            this.taskTimeout = from.taskTimeout;
            this.attempts = from.attempts;
            this.backoff = from.backoff;
            this.backoffCap = from.backoffCap;
        }

        public Builder concurrency(int tasks) {
            this.concurrency = tasks;
            return this;
        }

        public Builder rate(double requestsPerSecond, int burst) {
            this.requestsPerSecond = requestsPerSecond;
            this.burst = burst;
            return this;
        }

        public Builder sharedBy(SharedBy sharedBy) {
            this.sharedBy = sharedBy;
            return this;
        }

        public Builder taskTimeout(Duration timeout) {
            this.taskTimeout = timeout;
            return this;
        }

        public Builder attempts(int attempts) {
            this.attempts = attempts;
            return this;
        }

        public Builder backoff(Duration first, Duration cap) {
            this.backoff = first;
            this.backoffCap = cap;
            return this;
        }

        /** @throws IllegalArgumentException naming the limit that is out of its range */
        public Limits build() {
            return new Limits(
                    concurrency, requestsPerSecond, burst, sharedBy, taskTimeout, attempts, backoff, backoffCap);
        }
    }

    private static void check(boolean holds, String what, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be " + range);
        }
    }
}
