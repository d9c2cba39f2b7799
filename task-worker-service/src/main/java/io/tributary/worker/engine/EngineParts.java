package io.tributary.worker.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the engines of all partitions of a worker share.
 *
 * @param execution the side that knows integrations
 * @param wire messages to and from bytes
 * @param clock the time
 * @param random the jitter of retries
 * @param executor where tasks are executed
 * @param sharedPaces the paces that the partitions of this worker share
 * @param journal which tasks execute on this worker
 * @param pauses what is paused as a whole; the same instance as long as nothing changes
 * @param bounds how much at a time
 */
public record EngineParts(
        TaskExecution execution,
        Wire wire,
        Clock clock,
        RandomGenerator random,
        Executor executor,
        SharedPaces sharedPaces,
        ExecutionJournal journal,
        Supplier<Pauses> pauses,
        Bounds bounds) {

    /**
     * How much at a time, for each partition.
     *
     * @param maxExecuting tasks that execute at a time, 1 and up; default 2,000
     * @param maxUnsettled tasks that execute or whose outcome waits for the stream thread, more than
     *     {@code maxExecuting}; default 4,000
     * @param runDeadline how long a run may take, 1 s and up; then it ends as timed out; default 7 days
     * @param progressDeadline how long a run may go without a task that ends, 1 s and up; then it is flagged, and goes
     *     on; default 15 minutes
     * @param seenFor how long the id of a task from outside is remembered, so that a second one is dropped; default
     *     7 days, the retention of the tasks topic
     */
    public record Bounds(
            int maxExecuting, int maxUnsettled, Duration runDeadline, Duration progressDeadline, Duration seenFor) {

        public static final Bounds DEFAULT =
                new Bounds(2_000, 4_000, Duration.ofDays(7), Duration.ofMinutes(15), Duration.ofDays(7));

        /** The same with other deadlines for runs. */
        public Bounds withDeadlines(Duration runDeadline, Duration progressDeadline) {
            return new Bounds(maxExecuting, maxUnsettled, runDeadline, progressDeadline, seenFor);
        }

        public Bounds {
            if (maxExecuting < 1 || maxUnsettled <= maxExecuting || seenFor.isNegative()) {
                throw new IllegalArgumentException(
                        "maxExecuting must be 1 and up, maxUnsettled more, seenFor 0 and up: " + maxExecuting + ", "
                                + maxUnsettled + ", " + seenFor);
            }
            if (runDeadline.toMillis() < 1_000 || progressDeadline.toMillis() < 1_000) {
                throw new IllegalArgumentException(
                        "the deadlines of runs must be 1 s and up: " + runDeadline + ", " + progressDeadline);
            }
        }
    }

    /**
     * The parts in production: the system's clock, virtual threads.
     *
     * @param partitions of the tasks topic
     */
    public static EngineParts of(
            TaskExecution execution,
            Wire wire,
            int partitions,
            ExecutionJournal journal,
            Supplier<Pauses> pauses,
            Bounds bounds) {
        return new EngineParts(
                execution,
                wire,
                Clock.systemUTC(),
                RandomGenerator.getDefault(),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("task-", 0).factory()),
                new SharedPaces(partitions),
                journal,
                pauses,
                bounds);
    }
}
