package io.tributary.integrations.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A plugin that syncs one provider. Found by {@link java.util.ServiceLoader}: name the class in
 * {@code META-INF/services/io.tributary.integrations.api.Integration} and give it a public constructor without
 * parameters.
 *
 * <p>What the engine promises:
 *
 * <ol>
 *   <li>There is one instance a worker process, made at start; {@link #close} is called once, at its end.
 *   <li>{@link #run} is called on virtual threads, several at a time, but never more than
 *       {@link Limits#concurrency()} at a time for one user integration.
 *   <li>A result is committed as a whole or not at all: its outputs, its follow-up tasks and its state are one
 *       transaction. After a crash before the commit, the same task is executed again: effects at the provider may
 *       happen twice; {@link TaskContext#idempotencyKey()} is the same each time.
 *   <li>Follow-up tasks are executed after the task that returned them, in no guaranteed order: those of a lower
 *       priority number usually come first. A follow-up task may start before that transaction is committed; after a
 *       crash in between, both are executed again.
 *   <li>A task that runs longer than {@link Limits#taskTimeout()} is interrupted and counts as a failed attempt.
 *   <li>Any other exception than {@link TaskFailure} counts as {@link TaskFailure.Transient} with the code
 *       {@code polling.taskExecutionFailed}.
 * </ol>
 *
 * <p>What a plugin promises: it keeps no state that must not be lost (an open connection is fine), an interrupt ends
 * its work, and it never logs or returns a credential.
 */
public interface Integration extends AutoCloseable {

    /** Describes the integration. Called once, before all other methods; must always return the same manifest. */
    Manifest manifest();

    /**
     * Executes one task.
     *
     * @throws TaskFailure to report a failure of a kind that the engine can handle
     * @throws InterruptedException when interrupted: the deadline passed, or the worker stops
     */
    TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException;

    /**
     * Identifies the account of the credentials at the provider, after a user integration was connected and in a
     * connection test. Make the cheapest call that proves that config and credentials work. The default returns an
     * unknown account; the engine does not call it.
     *
     * <p>Called as {@link #run} is, in a separate task: on a virtual thread, within the limits and the deadline, and
     * again after a crash. The engine rejects an account that contains a credential, whose id or name has more than 500
     * characters, or whose settings have more than 16 Ki as JSON.
     *
     * @param context has config and credentials; no sync state, no options
     * @throws TaskFailure as {@link #run}; {@link TaskFailure.Unauthorized} when the provider rejects the credentials
     */
    default Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        return connect(context);
    }

    /**
     * The earlier name of {@link #identify}: an integration that overrides this one works as before.
     *
     * @deprecated override {@link #identify}
     */
    @Deprecated(since = "0.1.0")
    default Account connect(TaskContext context) throws TaskFailure, InterruptedException {
        return Account.UNKNOWN;
    }

    /**
     * Looks for an effect at the provider, before an action with {@link Action.Repeat#LOOK_UP} is executed again. The
     * default finds nothing.
     *
     * @param task the action's task, as {@link #run} would get it
     * @return the result that {@link #run} would have returned; empty: the answer proves that the provider has no trace
     *     of {@link TaskContext#effect}, and the action is executed again
     * @throws TaskFailure as {@link #run}; the action is not executed then. An answer that proves nothing, such as an
     *     empty body, a full page or a refusal, is a {@link TaskFailure.Transient}
     */
    default Optional<TaskResult> lookUp(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return Optional.empty();
    }

    /**
     * Reads a text file in UTF-8 from the package of a class, such as a config schema.
     *
     * @param of the class in whose package, and in whose jar, the file is
     * @throws IllegalArgumentException when there is none
     */
    static String resource(Class<?> of, String name) {
        try (InputStream in = of.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no file " + name + " in the package of " + of.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases the resources of the instance, after all tasks have ended. The default does nothing. */
    @Override
    default void close() {}
}
