package io.tributary.sink.consume;

/**
 * Something the sink needs is not there, or refuses everybody: the records at hand are as good as before, and whoever
 * gave them tries again later.
 */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * @param what the sink waits for, for health and logs: {@code postgres}, {@code kafka}, {@code schema registry}
     * @param message how it failed, free of content
     */
    public Unavailable(String what, String message, Throwable cause) {
        super(message, cause);
        this.what = what;
    }

    public String what() {
        return what;
    }
}
