package io.tributary.sink.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether one consumer waits for something, and until when it does not ask again: {@value #FIRST_MILLIS} ms after the
 * first failure, twice as long after each further one up to {@value #LONGEST_MILLIS} ms, less up to a half by chance so
 * that a server that comes back is not met by all at once.
 *
 * <pre>
 *   none --begin--> waiting --time--> over --begin--> waiting (longer)
 *     ^                                 |
 *     +---------------end---------------+
 * </pre>
 *
 * <p>Written by the consumer's thread; read by any.
 */
public final class Outage {

    static final long FIRST_MILLIS = 100;
    static final long LONGEST_MILLIS = 5_000;

    private final Clock clock;
    private final RandomGenerator random;
    private volatile @Nullable Waiting waiting;

    public Outage(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param what is waited for
     * @param since when it was first missed
     * @param attempts that failed since
     * @param until the next attempt
     */
    public record Waiting(String what, Instant since, int attempts, Instant until) {}

    /** Another attempt failed. */
    public void begin(String what) {
        Instant now = clock.instant();
        Waiting before = waiting;
        int attempts = before == null ? 1 : before.attempts() + 1;
        waiting = new Waiting(what, before == null ? now : before.since(), attempts, now.plus(pause(attempts)));
    }

    /** An attempt succeeded. */
    public void end() {
        waiting = null;
    }

    /** It is not time for the next attempt yet. */
    boolean isWaiting() {
        return !remaining().isZero();
    }

    /** Time to the next attempt; zero: now. */
    public Duration remaining() {
        Waiting now = waiting;
        if (now == null) {
            return Duration.ZERO;
        }
        Duration remaining = Duration.between(clock.instant(), now.until());
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** What is waited for, between the first failure and the next success. */
    public Optional<Waiting> waiting() {
        return Optional.ofNullable(waiting);
    }

    private Duration pause(int attempts) {
        long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts - 1, 16));
        return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
    }
}
