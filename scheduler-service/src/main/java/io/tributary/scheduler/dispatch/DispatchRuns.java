package io.tributary.scheduler.dispatch;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.dispatch.FailRuns.Failure;
import io.tributary.scheduler.kafka.Publication;
import io.tributary.scheduler.kafka.Publication.Postponed;
import io.tributary.scheduler.kafka.Publication.Published;
import io.tributary.scheduler.kafka.Publication.Refused;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.tables.RunOutbox;
import io.tributary.scheduler.tables.RunOutbox.Claim;
import io.tributary.schemas.Task;
import io.tributary.telemetry.LoggedTrace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Empties the outbox: publishes the initial task of each run that was not dispatched yet.
 *
 * <p>The runs are claimed first, so that replicas share the work and no task is published by two of them. Nothing is
 * locked and no connection is held while the broker answers. After a crash in between, the claim ends by itself: the
 * task is published again, under the same id, and the worker drops the second one.
 */
@Component
public record DispatchRuns(
        RunOutbox runOutbox,
        TransactionOperations transaction,
        Manifests manifests,
        TaskTopic topic,
        FailRuns failRuns,
        Clock clock) {

    /** Most runs that are claimed and published at a time. */
    static final int BATCH = 200;

    /** How long runs are claimed; longer than their publication may take, which is 15 s. */
    static final Duration CLAIM = Duration.ofSeconds(20);

    /** Most runs that one transaction releases after a pause. */
    private static final int RELEASED = 1_000;

    private static final Logger log = LoggerFactory.getLogger(DispatchRuns.class);

    /**
     * Dispatches until this replica can dispatch nothing more. Several threads and replicas may call it concurrently. A
     * failure is logged; runs that were not dispatched wait for the next call.
     *
     * @return the number of runs that left the outbox
     */
    public int run() {
        Drain.run(
                RELEASED,
                () -> Objects.requireNonNull(transaction.execute(_ -> runOutbox.releaseHeld(RELEASED))),
                log,
                "polling.dispatchFailed");
        int total = 0;
        Batch batch;
        do {
            batch = dispatch((now, until) -> runOutbox.claimOldest(BATCH, now, until, QueuedRun::read));
            total += batch.dispatched().size() + batch.failures().size();
        } while (batch.mayBeFollowed() && !Thread.currentThread().isInterrupted()); // the outbox may hold more
        return total;
    }

    /**
     * Dispatches the given runs, except those that another thread or replica dispatches; see {@link #run()}.
     *
     * @param ids queued and committed runs, {@link #BATCH} at most
     */
    void run(Collection<UUID> ids) {
        dispatch((now, until) -> runOutbox.claim(ids, now, until, QueuedRun::read));
    }

    /** Claims runs until a time, within a transaction. */
    private interface ClaimRuns {
        Claim<QueuedRun> claim(Instant now, Instant until);
    }

    private record Batch(int lookedAt, List<UUID> dispatched, List<UUID> postponed, List<Failure> failures) {

        static final Batch NONE = new Batch(0, List.of(), List.of(), List.of());

        boolean mayBeFollowed() {
            return lookedAt == BATCH && postponed.isEmpty();
        }
    }

    /** Logs a failure. */
    private Batch dispatch(ClaimRuns claimRuns) {
        if (!manifests.caughtUp()) {
            return Batch.NONE; // until then, a domain may be unknown by mistake
        }
        try {
            Instant now = clock.instant();
            var claim = Objects.requireNonNull(transaction.execute(_ -> claimRuns.claim(now, now.plus(CLAIM))));
            Batch batch = publish(claim);
            transaction.executeWithoutResult(_ -> {
                runOutbox.dispatched(batch.dispatched(), clock.instant());
                runOutbox.release(batch.postponed());
            });
            // In separate transactions, because each locks the user integration before the run.
            failRuns.run(batch.failures());
            return batch;
        } catch (DataAccessException | TransactionException | KafkaException e) {
            log.warn("polling.dispatchFailed: dispatch ended early, the next call goes on", e);
            return Batch.NONE;
        }
    }

    private Batch publish(Claim<QueuedRun> claim) {
        var tasks = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (QueuedRun run : claim.runs()) {
            manifests
                    .find(run.domain())
                    .ifPresentOrElse(
                            manifest -> run.initialTask(manifest)
                                    .ifPresentOrElse(tasks::add, () -> failures.add(nothingToSync(run))),
                            () -> failures.add(unknownDomain(run)));
        }
        var dispatched = new ArrayList<UUID>();
        var postponed = new ArrayList<UUID>();
        String reason = "";
        // Without tasks, a call would wait for the records of other threads.
        var publications = tasks.isEmpty() ? List.<Publication>of() : topic.publish(tasks);
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            switch (publications.get(i)) {
                case Published() -> {
                    dispatched.add(task.getRunId());
                    logCreated(task);
                }
                case Refused(var why) -> failures.add(refused(task, why));
                case Postponed(var why) -> {
                    postponed.add(task.getRunId());
                    reason = why;
                }
            }
        }
        if (!postponed.isEmpty()) {
            log.warn(
                    "polling.dispatchFailed: tasks not published, they are tried again tasks={} reason={}",
                    postponed.size(),
                    reason);
        }
        return new Batch(claim.lookedAt(), dispatched, postponed, failures);
    }

    private static void logCreated(Task task) {
        try (var _ = new LoggedTrace(task.getTraceparent())) {
            log.debug(
                    "polling.taskCreated: initial task published userIntegrationId={} domain={} runId={}"
                            + " taskId={} taskType={}",
                    task.getUserIntegrationId(),
                    task.getDomain(),
                    task.getRunId(),
                    task.getTaskId(),
                    task.getType());
        }
    }

    private Failure unknownDomain(QueuedRun run) {
        return new Failure(
                run.id(), run.userIntegrationId(), Manifests.UNKNOWN, manifests.explainUnknown(run.domain()));
    }

    private static Failure nothingToSync(QueuedRun run) {
        return new Failure(
                run.id(),
                run.userIntegrationId(),
                "polling.nothingToSync",
                "The integration " + run.domain() + " syncs nothing any more: it has actions only.");
    }

    private static Failure refused(Task task, String reason) {
        return new Failure(
                task.getRunId(),
                task.getUserIntegrationId(),
                "polling.taskTooLarge",
                "The initial task, with the sync state and options, is too large for the topic: " + reason);
    }
}
