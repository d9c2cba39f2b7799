package io.tributary.worker;

import io.tributary.schedule.Backoff;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The failures of stream threads: how long the replacement of a thread waits, and whether threads keep failing. A
 * thread that fails once is replaced at once; each further failure within five minutes doubles the wait, up to 30 s, so
 * that an outage of the registry does not become a storm of rebalances. Thread safe.
 */
final class ThreadFailures {

    /** Failures within {@link #MEMORY} that make the worker unhealthy. */
    static final int UNHEALTHY = 3;

    /** How long a failure is remembered. */
    static final Duration MEMORY = Duration.ofMinutes(5);

    private static final Backoff WAIT = new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30), 0.25);
    private static final int MOST_REMEMBERED = 20;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final ArrayDeque<Long> atMillis = new ArrayDeque<>();
    private String cause = "";

    ThreadFailures(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A thread failed: returns how long its replacement waits. */
    synchronized Duration add(Throwable thrown) {
        forget();
        int earlier = atMillis.size();
        atMillis.add(clock.millis());
        if (atMillis.size() > MOST_REMEMBERED) {
            atMillis.remove();
        }
        cause = describe(thrown);
        return earlier == 0 ? Duration.ZERO : WAIT.after(earlier, random);
    }

    /** Why threads keep failing; empty: they do not. */
    synchronized Optional<String> cause() {
        forget();
        return atMillis.size() >= UNHEALTHY ? Optional.of(cause) : Optional.empty();
    }

    private void forget() {
        long before = clock.millis() - MEMORY.toMillis();
        while (!atMillis.isEmpty() && atMillis.peek() < before) {
            atMillis.remove();
        }
    }

    /** The classes of the failure and its causes: a message may quote a record. */
    private static String describe(Throwable thrown) {
        var text = new StringBuilder();
        int depth = 0;
        for (Throwable each = thrown; each != null && depth < 10; each = each.getCause()) {
            text.append(depth++ == 0 ? "" : " caused by ")
                    .append(each.getClass().getName());
        }
        return text.toString();
    }

    /**
     * Whether the JVM can no longer be trusted, such as after an {@link OutOfMemoryError}. A stack overflow is a
     * failure like others.
     */
    static boolean isOfTheJvm(Throwable thrown) {
        int depth = 0;
        for (Throwable each = thrown; each != null && depth++ < 20; each = each.getCause()) {
            if (each instanceof VirtualMachineError && !(each instanceof StackOverflowError)) {
                return true;
            }
        }
        return false;
    }
}
