package io.tributary.standalone.integration;

import io.tributary.integrations.api.TaskFailure;
import java.util.Set;

/**
 * A failure as an author sees it.
 *
 * @param kind as the engine calls it, such as {@code unauthorized}
 * @param code the stable code
 * @param message for a person
 * @param consequence the next step of the engine or of the author
 */
public record Failure(String kind, String code, String message, String consequence) {

    /** Codes of failures that only a change of the integration's code mends. */
    private static final Set<String> BUGS = Set.of(
            "polling.taskExecutionFailed",
            "polling.integrationLoadFailed",
            "polling.taskResultInvalid",
            "polling.taskResultTooLarge",
            "polling.taskPayloadTooLarge",
            "polling.invalidTaskType");

    /** The failure of an integration, of its code, or of a rule of the SPI that a result breaks. */
    public static Failure of(TaskFailure failure) {
        return switch (failure) {
            case TaskFailure.RetryLater later ->
                of(
                        "retryLater",
                        later,
                        "the engine would throttle the account for "
                                + later.after().toSeconds() + " s");
            case TaskFailure.Transient it
            when isBug(it) -> of("transient", it, "correct the integration; the log has the trace");
            case TaskFailure.Transient it -> of("transient", it, "the engine would try the task again");
            case TaskFailure.Unauthorized it ->
                of("unauthorized", it, "check the credentials; the engine would stop polling until they are replaced");
            case TaskFailure.Misconfigured it ->
                of("misconfigured", it, "correct the config; the engine would stop polling until it is changed");
            case TaskFailure.Permanent it
            when isBug(it) -> of("permanent", it, "correct the integration; the engine would dead-letter the task");
            case TaskFailure.Permanent it -> of("permanent", it, "the engine would dead-letter the task");
        };
    }

    private static boolean isBug(TaskFailure failure) {
        return BUGS.contains(failure.code());
    }

    private static Failure of(String kind, TaskFailure failure, String consequence) {
        return new Failure(kind, failure.code(), failure.reason(), consequence);
    }
}
