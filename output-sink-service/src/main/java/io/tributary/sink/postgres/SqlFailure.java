package io.tributary.sink.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What Postgres, or its driver, said about a failure.
 *
 * @param state SQLState; {@code none} where there is none
 * @param message free of the values of statements, which exceptions like to quote
 */
record SqlFailure(String state, String message) {

    /** Classes of states: data exception, integrity constraint violation, program limit exceeded. */
    private static final Set<String> REFUSALS = Set.of("22", "23", "54");

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
     * Whether Postgres refused the values, and will again. Everything else - no connection, a restart, a full disk, a
     * deadlock, a missing table or permission - would meet any other batch as well, so it is waited out.
     */
    boolean isRefusal() {
        return state.length() == 5 && REFUSALS.contains(state.substring(0, 2));
    }
}
