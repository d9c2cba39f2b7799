package io.tributary.worker.engine;

import io.tributary.worker.codec.MessageCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The parts that the engines of all partitions of a worker share.
 *
 * @param execution executes tasks by their integrations
 * @param codec messages to and from bytes
 * @param clock the time
 * @param random the jitter of retries
 * @param executor executes tasks
 * @param results bounds of the results of this worker
 * @param sharedRateLimiters the rate limiters that the partitions of this worker share
 * @param journal which tasks execute on this worker
 * @param process the process of this worker
 * @param pauses the pauses of whole integrations; the same instance as long as nothing changes
 * @param metrics what is counted and shown of them
 * @param bounds limits of each partition
 */
public record EngineConfig(
        TaskExecution execution,
        MessageCodec codec,
        SteadyClock clock,
        RandomGenerator random,
        Executor executor,
        Results results,
        SharedRateLimiters sharedRateLimiters,
        ExecutionJournal journal,
        WorkerProcess process,
        Supplier<Pauses> pauses,
        EngineMetrics metrics,
        Bounds bounds) {

    /**
     * The results of tasks on this worker.
     *
     * @param memory bounds the results that wait for the stream threads
     * @param fatal the tasks whose results stopped a stream thread
     */
    public record Results(ResultMemory memory, FatalResults fatal) {}

    long nowMillis() {
        return clock.millis();
    }

    /**
     * Limits of each partition.
     *
     * @param maxExecuting tasks that execute at a time, 1 and up; default 2,000
     * @param maxUnsettled tasks that execute or whose outcome waits for the stream thread, more than
     *     {@code maxExecuting}; default 4,000
     * @param runDeadline longest time of a run, 1 s and up; then it ends as timed out; default 7 days
     * @param progressDeadline longest time of a run without the end of a task, 1 s and up; then it is flagged, and
     *     continues; default 15 minutes
     * @param seenFor how long the id of a task from outside is remembered after its run, by the time of the topic, so
     *     that a second one is dropped; default 1 hour, more than a scheduler takes to publish a task again
     * @param maxStateBytes largest sync state of a run, bytes of its JSON, 1 to 2 MiB; default 512 KiB
     */
    public record Bounds(
            int maxExecuting,
            int maxUnsettled,
            Duration runDeadline,
            Duration progressDeadline,
            Duration seenFor,
            int maxStateBytes) {

        /** Upper limit of {@code maxStateBytes}: a record with the state and the rest of a run must fit a batch. */
        public static final int MOST_STATE_BYTES = 2 * 1024 * 1024;

        public static final Bounds DEFAULT =
                new Bounds(2_000, 4_000, Duration.ofDays(7), Duration.ofMinutes(15), Duration.ofHours(1), 512 * 1024);

        /** The same with other deadlines for runs. */
        public Bounds withDeadlines(Duration runDeadline, Duration progressDeadline) {
            return new Bounds(maxExecuting, maxUnsettled, runDeadline, progressDeadline, seenFor, maxStateBytes);
        }

        /** The same with another bound of the sync state. */
        public Bounds withMaxStateBytes(int maxStateBytes) {
            return new Bounds(maxExecuting, maxUnsettled, runDeadline, progressDeadline, seenFor, maxStateBytes);
        }

        public Bounds {
            if (maxExecuting < 1 || maxUnsettled <= maxExecuting || seenFor.isNegative()) {
                throw new IllegalArgumentException(
                        "maxExecuting must be 1 and up, maxUnsettled more, seenFor 0 and up: " + maxExecuting + ", "
                                + maxUnsettled + ", " + seenFor);
            }
            if (maxStateBytes < 1 || maxStateBytes > MOST_STATE_BYTES) {
                throw new IllegalArgumentException(
                        "maxStateBytes must be 1 to " + MOST_STATE_BYTES + ": " + maxStateBytes);
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
    public static EngineConfig of(
            TaskExecution execution,
            MessageCodec codec,
            int partitions,
            ExecutionJournal journal,
            WorkerProcess process,
            Supplier<Pauses> pauses,
            EngineMetrics metrics,
            Bounds bounds) {
        return new EngineConfig(
                execution,
                codec,
                new SteadyClock(Clock.systemUTC(), System::nanoTime),
                RandomGenerator.getDefault(),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("task-", 0).factory()),
                new Results(ResultMemory.ofThisProcess(), new FatalResults()),
                new SharedRateLimiters(partitions),
                journal,
                process,
                pauses,
                metrics,
                bounds);
    }
}
