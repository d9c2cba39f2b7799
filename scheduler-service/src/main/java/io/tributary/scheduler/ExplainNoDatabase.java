package io.tributary.scheduler;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains that the service did not start because the database does not answer. */
final class ExplainNoDatabase extends AbstractFailureAnalyzer<SQLException> {

    /** Prefixes of the SQL states that mean a failed connection. */
    private static final String CONNECTION = "08";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || !state.startsWith(CONNECTION)) {
            return null; // The database answered: this is another failure.
        }
        return new FailureAnalysis(
                "The database cannot be reached: " + failure.getMessage(),
                "Check that it is up, and SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and"
                        + " SPRING_DATASOURCE_PASSWORD.",
                failure);
    }
}
