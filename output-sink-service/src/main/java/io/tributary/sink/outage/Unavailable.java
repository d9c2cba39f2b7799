package io.tributary.sink.outage;

/**
 * A service that the sink needs is down, or rejects every request. The records are not the cause: the caller tries the
 * same again later.
 */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * @param what the missing service, for health and logs: {@code postgres}, {@code kafka}, {@code schema registry}
     * @param message the failure, free of content
     */
    public Unavailable(String what, String message, Throwable cause) {
        super(message, cause);
        this.what = what;
    }

    public String what() {
        return what;
    }
}
