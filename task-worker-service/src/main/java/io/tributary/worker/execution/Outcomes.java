package io.tributary.worker.execution;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.StackText;
import io.tributary.worker.engine.Outcome;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exceptions of plugins, and failures around them, into outcomes with a code. */
final class Outcomes {

    private static final Logger log = LoggerFactory.getLogger(Outcomes.class);
    private static final Duration DATABASE_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    /** The name of a class with its package, as the text of a {@link LinkageError} has it. */
    private static final Pattern CLASS_NAME = Pattern.compile("[\\w$]+(?:[./][\\w$]+){1,20}");

    /** The credentials cannot be opened. */
    static final Outcome.Failed UNREADABLE = new Outcome.Failed(
            Outcome.Kind.UNAUTHORIZED,
            "polling.credentialsUnreadable",
            "The credentials do not open with this worker's key: check that it has the scheduler's keyset, "
                    + "then connect the account again.");

    /** The user integration that a task is for was deleted. */
    static final Outcome GONE =
            permanent("polling.userIntegrationNotFound", "The user integration does not exist any more.");

    static final Outcome DATABASE_UNAVAILABLE = new Outcome.Throttled(
            "polling.databaseUnavailable", "The worker cannot reach its database.", DATABASE_WAIT);

    private Outcomes() {}

    static Outcome.Failed permanent(String code, String message) {
        return new Outcome.Failed(Outcome.Kind.PERMANENT, code, message);
    }

    static Outcome of(TaskFailure failure) {
        return switch (failure) {
            case TaskFailure.RetryLater later ->
                new Outcome.Throttled(
                        later.code(),
                        later.reason(),
                        later.after().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : later.after());
            case TaskFailure.Transient it ->
                failed(it.isWithoutEffect() ? Outcome.Kind.TRANSIENT_WITHOUT_EFFECT : Outcome.Kind.TRANSIENT, it);
            case TaskFailure.Unauthorized it -> failed(Outcome.Kind.UNAUTHORIZED, it);
            case TaskFailure.Misconfigured it -> failed(Outcome.Kind.MISCONFIGURED, it);
            case TaskFailure.Permanent it -> failed(Outcome.Kind.PERMANENT, it);
        };
    }

    private static Outcome failed(Outcome.Kind kind, TaskFailure failure) {
        @Nullable String stack = failure.getCause() == null ? null : StackText.of(failure);
        return new Outcome.Failed(kind, failure.code(), failure.reason(), stack, null);
    }

    /** The plugin threw something other than a {@link TaskFailure}. Its text may quote a request: it goes nowhere. */
    static Outcome unexpected(Task task, Throwable thrown) {
        String stack = StackText.of(thrown);
        log.error(
                "polling.taskExecutionFailed: the integration threw userIntegrationId={} runId={} taskId={}"
                        + " taskType={} attempt={}\n{}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                task.getAttempt(),
                stack);
        return new Outcome.Failed(
                Outcome.Kind.TRANSIENT,
                "polling.taskExecutionFailed",
                "The integration " + task.getDomain() + " failed unexpectedly ("
                        + thrown.getClass().getSimpleName() + "); the trace is in the worker's log.",
                stack,
                null);
    }

    /** A class of the plugin is missing or cannot be used. */
    static Outcome broken(Task task, LinkageError error) {
        String stack = StackText.of(error);
        log.error(
                "polling.integrationLoadFailed: the integration is broken userIntegrationId={} runId={} taskId={}"
                        + " taskType={}\n{}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                stack);
        String missing = String.valueOf(error.getMessage());
        return new Outcome.Failed(
                Outcome.Kind.PERMANENT,
                "polling.integrationLoadFailed",
                "The integration " + task.getDomain() + " is broken ("
                        + error.getClass().getSimpleName()
                        + (CLASS_NAME.matcher(missing).matches() ? ": " + missing : "") + ").",
                stack,
                null);
    }

    /** Unwraps an interruption that other code wrapped, and clears the flag that the code restored. */
    static InterruptedException interrupted(Exception wrapped) {
        Thread.interrupted();
        var interrupted = new InterruptedException();
        interrupted.initCause(wrapped);
        return interrupted;
    }
}
