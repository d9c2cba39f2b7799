package io.tributary.standalone.integration;

import io.tributary.integrations.api.TaskFailure;

/**
 * Why something did not go well.
 *
 * @param kind as the engine calls it, such as {@code unauthorized}
 * @param code the stable code
 * @param message for a person
 * @param consequence what the engine would do now, or the person could
 */
public record Failure(String kind, String code, String message, String consequence) {

    /** What an integration said. */
    public static Failure of(TaskFailure failure) {
        return switch (failure) {
            case TaskFailure.RetryLater later ->
                of(
                        "retryLater",
                        later,
                        "the engine would let the account rest for "
                                + later.after().toSeconds() + " s");
            case TaskFailure.Transient it -> of("transient", it, "the engine would try the task again");
            case TaskFailure.Unauthorized it ->
                of("unauthorized", it, "check the credentials; the engine would stop polling until they are replaced");
            case TaskFailure.Misconfigured it ->
                of("misconfigured", it, "correct the config; the engine would stop polling until it is changed");
            case TaskFailure.Permanent it -> of("permanent", it, "the engine would set the task aside");
        };
    }

    /** What it threw that is no failure of the SPI. */
    public static Failure of(Throwable thrown) {
        return new Failure(
                "transient",
                "polling.taskExecutionFailed",
                "The integration threw " + thrown + ".",
                "correct the integration; the log has the trace");
    }

    /** A rule of the SPI that a result breaks. */
    static Failure ofRule(String code, String message) {
        return new Failure("permanent", code, message, "correct the integration; the engine would set the task aside");
    }

    private static Failure of(String kind, TaskFailure failure, String consequence) {
        return new Failure(kind, failure.code(), failure.reason(), consequence);
    }
}
