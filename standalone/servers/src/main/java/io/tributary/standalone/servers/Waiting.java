package io.tributary.standalone.servers;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that another process does, by looking again and again. */
final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Waiting() {}

    /**
     * Returns when the condition holds, or when patience is over.
     *
     * @return whether the condition holds
     * @throws ServerFailure when the thread is interrupted; its flag is set again
     */
    static boolean until(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause(PAUSE);
        }
        return true;
    }

    /** @throws ServerFailure when the thread is interrupted; its flag is set again */
    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("waiting for a server", e);
        }
    }
}
