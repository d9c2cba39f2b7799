package io.tributary.pipeline.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something to come true. */
final class Await {

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private Await() {}

    /** @throws IllegalStateException when it does not come true in time */
    static void until(String what, Duration patience, BooleanSupplier isTrue) throws InterruptedException {
        until(what, patience, LOOK_EVERY, isTrue);
    }

    /** @param lookEvery where looking is work for what is measured */
    static void until(String what, Duration patience, Duration lookEvery, BooleanSupplier isTrue)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isTrue.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited " + patience.toSeconds() + " s in vain for " + what);
            }
            Thread.sleep(lookEvery);
        }
    }
}
