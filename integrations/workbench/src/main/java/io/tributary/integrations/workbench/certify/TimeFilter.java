package io.tributary.integrations.workbench.certify;

/**
 * A parameter of a query that filters a list by time.
 *
 * @param format default ISO 8601
 */
public record TimeFilter(String parameter, Format format) {

    /** How the time is written. */
    public enum Format {
        ISO,
        EPOCH,
        MILLIS,
        /** A day, which begins at midnight in UTC. */
        DATE
    }

    public TimeFilter {
        if (parameter == null) {
            throw new IllegalArgumentException("since and before need a parameter");
        }
        format = format == null ? Format.ISO : format;
    }
}
