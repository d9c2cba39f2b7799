package io.tributary.worker.engine;

import io.tributary.schemas.Topics;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

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
 * <p>All but the running of plugins happens on the stream thread, in turns a few milliseconds apart. What a turn sends
 * and changes in the store is committed as one Kafka transaction, with the offsets of what was read: after a crash,
 * either all of it has happened or none, and a task that had not been settled is executed again.
 */
final class TaskEngine implements Processor<String, byte[], String, byte[]> {

    /** Time between two turns. */
    static final Duration TURN = Duration.ofMillis(5);

    /** Outcomes settled in a turn at most, so that a turn stays short beside the commit interval. */
    private static final int SETTLED_IN_A_TURN = 2_000;

    private static final Duration DEADLINE_CHECK = Duration.ofMillis(250);
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);

    private final EngineParts parts;
    private @Nullable Steps steps;

    TaskEngine(EngineParts parts) {
        this.parts = parts;
    }

    /** The steps, over the state of the partition that this engine was given. */
    private record Steps(
            ProcessorContext<String, byte[]> context,
            Partition partition,
            Attempts attempts,
            AcceptTasks accept,
            ObeyCommands obey,
            SettleAttempts settle,
            DispatchTasks dispatch,
            WatchRuns watch,
            ReportProgress report) {}

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(PendingStore.NAME);
        var partition = new Partition(
                new PendingStore(store), parts.execution(), parts.sharedPaces(), parts.pauses(), parts.clock());
        partition.load();
        var send = new Send(context, parts.wire());
        var attempts = new Attempts(
                parts.execution(),
                partition::run,
                parts.wire(),
                parts.clock(),
                parts.executor(),
                parts.journal(),
                parts.bounds().maxUnsettled());
        var endRun = new EndRun(partition, attempts);
        steps = new Steps(
                context,
                partition,
                attempts,
                new AcceptTasks(partition, send, parts.wire()),
                new ObeyCommands(partition, endRun, parts.execution(), parts.wire()),
                new SettleAttempts(partition, endRun, send, parts.wire(), parts.random()),
                new DispatchTasks(partition, attempts, parts.bounds().maxExecuting()),
                new WatchRuns(partition, endRun, parts.bounds()),
                new ReportProgress(partition, attempts, send));
        parts.sharedPaces().gained(parts.clock().millis());
        context.schedule(TURN, PunctuationType.WALL_CLOCK_TIME, now -> turn());
        context.schedule(DEADLINE_CHECK, PunctuationType.WALL_CLOCK_TIME, now -> enforceDeadlines());
        context.schedule(HOUSEKEEPING, PunctuationType.WALL_CLOCK_TIME, now -> keepHouse());
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Steps now = started();
        boolean isCommand = now.context()
                .recordMetadata()
                .map(metadata -> metadata.topic().equals(parts.wire().topics().control()))
                .orElse(false);
        if (record.value() == null) {
            return; // A tombstone says nothing here.
        }
        if (isCommand) {
            now.obey().obey(record.value());
        } else if (record.headers().lastHeader(Topics.ACCEPTED) == null) {
            now.accept().accept(record.key(), record.value());
        }
        // A commit may come before the next turn: what belongs together is complete at the end of each call.
        now.report().report();
    }

    private void turn() {
        Steps now = started();
        now.attempts().drain(SETTLED_IN_A_TURN, now.settle()::settle);
        now.partition().wakeDeferred(parts.wire());
        now.dispatch().dispatch();
        now.report().report();
    }

    private void enforceDeadlines() {
        Steps now = started();
        now.attempts().giveUpOverdue(now.partition().nowMillis());
        now.watch().watch();
        now.report().report();
    }

    private void keepHouse() {
        Partition partition = started().partition();
        partition.forgetSeenBefore(
                partition.nowMillis() - parts.bounds().seenFor().toMillis());
        partition.forgetIdleLanes();
    }

    /** Interrupts what is executing; it is executed again by whoever owns the partition next. */
    @Override
    public void close() {
        if (steps != null) {
            steps.attempts().close();
            steps.partition().leave();
            parts.sharedPaces().lost(parts.clock().millis());
            steps = null;
        }
    }

    private Steps started() {
        Steps now = steps;
        if (now == null) {
            throw new IllegalStateException("the engine is used before init");
        }
        return now;
    }
}
