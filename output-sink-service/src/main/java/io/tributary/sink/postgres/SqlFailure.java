package io.tributary.sink.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A failure as Postgres or its driver reported it.
 *
 * @param state SQLState; {@code none} without one
 * @param message free of the values of statements, which exceptions often quote
 */
record SqlFailure(String state, String message) {

    /** Classes of states: data exception, integrity constraint violation, program limit exceeded. */
    private static final Set<String> REJECTIONS = Set.of("22", "23", "54");

    static SqlFailure of(Throwable failure) {
        String state = "none";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof PSQLException e && e.getServerErrorMessage() instanceof ServerErrorMessage said) {
                return new SqlFailure(said.getSQLState() + "", said.getSQLState() + " " + said.getMessage());
            }
            if (t instanceof SQLException e && e.getSQLState() != null) {
                state = e.getSQLState();
            }
        }
        return new SqlFailure(state, state + " " + failure.getClass().getSimpleName());
    }

    /**
     * Whether Postgres rejects the values, now and later. Everything else - no connection, a restart, a full disk, a
     * deadlock, a missing table or permission - would hit any other batch as well, so the caller waits.
     */
    boolean isRejection() {
        return state.length() == 5 && REJECTIONS.contains(state.substring(0, 2));
    }
}
