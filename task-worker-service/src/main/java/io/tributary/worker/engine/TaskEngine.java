package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import java.time.Duration;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one partition.
 *
 * <pre>
 *   tasks topic ---accept---> store ---dispatch---> virtual threads run plugins
 *   control topic --obey--^     ^                          |
 *                               +---follow-ups----settle <-+ outcomes
 *                                                   |
 *                                    outputs, progress, dead letters
 * </pre>
 *
 * <p>All but the running of plugins happens on the stream thread, in turns a few milliseconds apart. A turn's records
 * and changes of the store are committed as one Kafka transaction, with the offsets of what was read: after a crash,
 * either all or nothing of it has happened, and a task that was not settled is executed again.
 */
final class TaskEngine implements Processor<String, byte[], String, byte[]> {

    private static final Logger log = LoggerFactory.getLogger(TaskEngine.class);

    /** Time between two turns. */
    static final Duration TURN = Duration.ofMillis(5);

    private static final Duration DEADLINE_CHECK = Duration.ofMillis(250);
    private static final Duration CLEAN_UP = Duration.ofMinutes(1);
    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private final EngineConfig config;
    private @Nullable Steps steps;
    /** Whether the engine had nothing to do when its last turn ended, and no record arrived since. */
    private boolean idle;

    TaskEngine(EngineConfig config) {
        this.config = config;
    }

    /** The steps, over the state of the partition that this engine was given. */
    private record Steps(
            ProcessorContext<String, byte[]> context,
            KeyValueStore<Bytes, byte[]> store,
            PartitionGauges gauges,
            Partition partition,
            Attempts attempts,
            AcceptTasks intake,
            ObeyCommands commands,
            SettleAttempts settlement,
            DispatchTasks dispatcher,
            WatchRuns watchdog,
            ReportProgress progress) {}

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(PendingStore.NAME);
        var gauges = new PartitionGauges(config.clock().nanos());
        var partition = Partition.restored(new PendingStore(store, gauges), config);
        var runs = partition.runs();
        var lanes = partition.lanes();
        var sender = new RecordSender(context, config.codec(), config.metrics().tasks());
        var attempts = new Attempts(config, runs, partition.tasks());
        var endRun = new EndRun(runs, lanes, attempts);
        var endUnknownRun = new EndUnknownRun(partition.seen(), sender, config);
        steps = new Steps(
                context,
                store,
                gauges,
                partition,
                attempts,
                new AcceptTasks(partition, endUnknownRun, sender, config),
                new ObeyCommands(runs, lanes, partition.seen(), endRun, endUnknownRun, config),
                new SettleAttempts(partition, endRun, sender, config),
                new DispatchTasks(partition, attempts, config),
                new WatchRuns(runs, lanes, endRun, config.bounds()),
                new ReportProgress(runs, lanes, attempts, sender, config));
        config.sharedRateLimiters().gained(config.nowMillis());
        schedule(context, TURN, this::turn);
        schedule(context, DEADLINE_CHECK, this::enforceDeadlines);
        config.metrics().queues().add(gauges);
        schedule(context, SAMPLE, this::sample);
        schedule(context, CLEAN_UP, this::cleanUp);
    }

    private static void schedule(ProcessorContext<String, byte[]> context, Duration interval, Runnable step) {
        context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, _ -> allOrNothing(step));
    }

    /**
     * Ends the stream thread when a step fails, with its transaction. Kafka Streams takes a {@link TimeoutException},
     * such as that of a registry that does not answer, as the sign of a corrupt partition: it commits the transaction
     * for the other partitions of the thread, and with it what the step did before it failed.
     */
    private static void allOrNothing(Runnable step) {
        try {
            step.run();
        } catch (TimeoutException e) {
            throw new StreamsException("a step of the engine failed, and is not committed", e);
        }
    }

    @Override
    public void process(Record<String, byte[]> record) {
        allOrNothing(() -> take(record));
    }

    private void take(Record<String, byte[]> record) {
        Steps engine = started();
        if (idle) {
            idle = false;
            config.process().turns().soon(this);
        }
        if (record.value() == null) {
            return; // A tombstone says nothing here.
        }
        if (isCommand(engine.context())) {
            engine.commands().obey(record.value());
        } else {
            engine.partition().seen().read(record.timestamp(), config.nowMillis());
            if (record.headers().lastHeader(Topics.AFTER_COMMIT) != null) {
                engine.intake().acceptCommitted(record.key(), record.value());
            } else if (record.headers().lastHeader(Topics.ACCEPTED) == null) {
                engine.intake().accept(record.key(), record.value());
            }
        }
        // A commit may precede the next turn, so each call completes its changes.
        engine.progress().report();
    }

    private boolean isCommand(ProcessorContext<String, byte[]> context) {
        return context.recordMetadata()
                .map(metadata -> metadata.topic().equals(config.codec().topics().control()))
                .orElse(false);
    }

    private void turn() {
        Steps engine = started();
        TurnBudget budget =
                TurnBudget.DEFAULT.shared(config.sharedRateLimiters().owned());
        engine.attempts().drain(budget, ended -> settle(engine, ended));
        engine.partition().wakeDeferred(config);
        dispatch(engine);
        engine.progress().report();
        engine.gauges().turned(config.clock().nanos());
        long idleMillis = idleMillis(engine);
        idle = idleMillis > 0;
        config.process().turns().after(idleMillis, this);
    }

    /** How long the engine needs no turn, unless a record arrives. */
    private long idleMillis(Steps engine) {
        boolean busy =
                !engine.attempts().areIdle() || !engine.partition().marks().areSettled();
        if (busy || config.process().isStopping()) {
            return 0;
        }
        return LongStream.of(
                                engine.partition().nextDueMillis(),
                                engine.progress().nextDueMillis(),
                                engine.watchdog().nextDueMillis())
                        .min()
                        .orElseThrow()
                - config.nowMillis();
    }

    private void dispatch(Steps engine) {
        DeathMarks marks = engine.partition().marks();
        if (config.process().isStopping()) {
            marks.stopInOrder(engine.partition().effects());
        }
        if (marks.mayStart()) {
            marks.startMarked(engine.attempts());
            engine.dispatcher().dispatch();
            if (!marks.awaitCommit()) {
                return;
            }
        }
        engine.context().commit(); // tasks wait for it
    }

    /** A result is settled without a line above DEBUG, many thousands of times a second. */
    private void settle(Steps engine, Attempts.Ended ended) {
        Task task = ended.task();
        if (task == null || ended.outcome() instanceof Outcome.Completed) {
            settleLogged(engine, ended);
        } else {
            try (var _ = new LoggedTask(task)) {
                settleLogged(engine, ended);
            }
        }
    }

    private void settleLogged(Steps engine, Attempts.Ended ended) {
        try {
            engine.settlement().settle(ended);
        } catch (RuntimeException e) {
            Task task = ended.task();
            if (task != null) {
                config.results().fatal().add(task.getTaskId(), e);
                log.error(
                        "polling.resultStopsWorker: the result of a task cannot be settled userIntegrationId={}"
                                + " runId={} taskId={} taskType={}",
                        task.getUserIntegrationId(),
                        task.getRunId(),
                        task.getTaskId(),
                        task.getType());
            }
            throw e; // What was sent of it is in the transaction, which has to be aborted.
        }
    }

    private void enforceDeadlines() {
        Steps engine = started();
        engine.attempts().giveUpOverdue();
        engine.watchdog().watch(config.nowMillis());
        engine.progress().report();
    }

    private void sample() {
        Steps engine = started();
        var lanes = engine.partition().lanes().sample(config.nowMillis());
        engine.gauges().sampled(lanes, engine.store().approximateNumEntries());
        config.metrics().queues().throttled(lanes, SAMPLE);
    }

    private void cleanUp() {
        Partition partition = started().partition();
        partition.seen().forget(config.bounds().seenFor().toMillis(), partition.runs()::contain);
        partition.lanes().forgetIdle();
        partition.marks().calmDown();
        partition.effects().forgetOld();
    }

    /** Number of looks at a run so far: the cost of reporting and watching. */
    long looks() {
        return started().progress().looks() + started().watchdog().looks();
    }

    /** Interrupts the tasks that execute; the next owner of the partition executes them again. */
    @Override
    public void close() {
        if (steps != null) {
            config.process().turns().forget(this);
            config.metrics().queues().remove(steps.gauges());
            steps.attempts().close();
            steps.partition().marks().close();
            steps.partition().lanes().leave();
            config.sharedRateLimiters().lost(config.nowMillis());
            steps = null;
        }
    }

    private Steps started() {
        if (steps == null) {
            throw new IllegalStateException("the engine is used before init");
        }
        return steps;
    }
}
