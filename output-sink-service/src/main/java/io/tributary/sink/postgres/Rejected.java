package io.tributary.sink.postgres;

/** Postgres rejects the values of a batch. Nothing of it was written; some of its values may be valid. */
public final class Rejected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String sqlState;

    /**
     * @param message the failure, free of the values
     * @param sqlState the SQLState of Postgres; {@code none} without one
     */
    Rejected(String message, String sqlState, Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }
}
