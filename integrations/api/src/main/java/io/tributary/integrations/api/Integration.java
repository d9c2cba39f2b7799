package io.tributary.integrations.api;

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
 *   <li>Whatever {@code run} returns is taken whole or not at all: its outputs, its follow-up tasks and its state are
 *       one transaction. After a crash before that, the same task is executed again: effects at the provider may
 *       happen twice; {@link TaskContext#idempotencyKey()} is the same each time.
 *   <li>Follow-up tasks are executed after the task that returned them, in no promised order: those of a lower
 *       priority number tend to come first. One may start before that transaction is committed; after a crash in
 *       between, both are executed again.
 *   <li>A task that runs longer than {@link Limits#taskTimeout()} is interrupted and counts as a failed attempt.
 *   <li>Anything thrown that is not a {@link TaskFailure} counts as {@link TaskFailure.Transient} with the code
 *       {@code polling.taskExecutionFailed}.
 * </ol>
 *
 * <p>What a plugin promises: it keeps no state that it could not lose (a connection kept open is fine), it lets an
 * interrupt end its work, and it never logs or returns a credential.
 */
public interface Integration extends AutoCloseable {

    /** Describes the integration. Called once, before everything else; the same answer each time. */
    Manifest manifest();

    /**
     * Executes one task.
     *
     * @throws TaskFailure to say what went wrong in a way the engine can act on
     * @throws InterruptedException when interrupted: the deadline passed, or the worker stops
     */
    TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException;

    /**
     * Asks the provider whose account this is, when it is connected or its credentials are checked: the cheapest call
     * that shows that config and credentials work. The default asks nothing and knows nothing; of an integration that does
     * not override it, the engine never asks.
     *
     * <p>Called as {@link #run} is, in a task of its own: on a virtual thread, within the limits and the deadline, and
     * again after a crash. An account in which a credential occurs is refused, and so is one whose id or name has more
     * than 500 characters, or whose settings have more than 16 Ki as JSON.
     *
     * @param context has config and credentials; no sync state, no options
     * @throws TaskFailure as {@link #run}; {@link TaskFailure.Unauthorized} when the credentials are refused
     */
    default Account connect(TaskContext context) throws TaskFailure, InterruptedException {
        return Account.UNKNOWN;
    }

    /** Lets go of what the instance holds open. No task runs any more. The default does nothing. */
    @Override
    default void close() {}
}
