package io.tributary.scheduler.database;

import java.util.Optional;

/** The request that the current thread serves. Threads that serve no request use the connections of background work. */
public final class ServedRequest {

    private static final ScopedValue<String> CALLER = ScopedValue.newInstance();

    private ServedRequest() {}

    /** A step that serves a request. */
    @FunctionalInterface
    public interface Step<E extends Exception> {
        void run() throws E;
    }

    /**
     * Runs a step on the connections for requests.
     *
     * @param caller whose share of these connections it uses
     */
    public static <E extends Exception> void of(String caller, Step<E> step) throws E {
        ScopedValue.where(CALLER, caller).call(() -> {
            step.run();
            return caller;
        });
    }

    /** The caller of the current thread's request; empty: it serves none. */
    static Optional<String> caller() {
        return CALLER.isBound() ? Optional.of(CALLER.get()) : Optional.empty();
    }
}
