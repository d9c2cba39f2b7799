package io.tributary.sink.postgres;

/** A batch cannot be written because of what is in it. Nothing of it was; a part of it may be fine. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String sqlState;

    /**
     * @param message what was wrong, free of the values themselves
     * @param sqlState as Postgres gave it; {@code none} where it was not Postgres that refused
     */
    Refused(String message, String sqlState, Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }
}
