package io.tributary.worker.engine;

/**
 * Why no waiting task of a lane can start.
 *
 * @param reason as {@code waits_for} of {@code RunProgress} names it
 * @param untilMillis milliseconds since the epoch; 0: unknown, or when another task ends
 */
record Wait(String reason, long untilMillis) {

    /** All waiting tasks wait for their time. */
    static Wait forRetry(long millis, long nowMillis) {
        return new Wait("retry", millis > nowMillis ? millis : 0);
    }

    /** @param millis {@link Long#MAX_VALUE}: when another task ends */
    static Wait until(String reason, long millis) {
        return new Wait(reason, millis == Long.MAX_VALUE ? 0 : millis);
    }
}
