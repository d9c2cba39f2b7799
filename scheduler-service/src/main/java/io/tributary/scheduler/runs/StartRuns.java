package io.tributary.scheduler.runs;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.runs.QueueRun.Queued;
import io.tributary.schemas.Trigger;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Queues runs, each batch in a transaction, and requests their dispatch after the commit. */
@Component
public record StartRuns(
        QueueRun queueRun, Quotas quotas, TransactionOperations transaction, Outbox outbox, Clock clock) {

    private static final Logger log = LoggerFactory.getLogger(StartRuns.class);

    /** Starts one run: {@code queueOrFind} returns it within a transaction. */
    <T> T one(Function<Instant, T> queueOrFind, Function<T, UUID> run) {
        T started = Objects.requireNonNull(transaction.execute(_ -> queueOrFind.apply(clock.instant())));
        outbox.dispatchSoon(List.of(run.apply(started)));
        return started;
    }

    /**
     * Queues a run within the transaction of {@link #one}; empty: such a run is live already.
     *
     * @throws ApiException when its quota is used up; system runs have none
     */
    Optional<UUID> queue(NewRun run, Instant now) {
        if (run.trigger() != Trigger.system) {
            Owner owner = quotas.ownerOf(run.account().id());
            quotas.requireOneMore(Quota.LIVE_RUNS, owner);
            if (run.trigger() == Trigger.backfill) {
                quotas.requireOneMore(Quota.LIVE_BACKFILLS, owner);
            }
        }
        return queueRun.one(run, now);
    }

    /**
     * Starts a system run of one task for each due account, as {@link #due} does.
     *
     * @param takeDue takes a batch of due accounts
     */
    public void forAccounts(String code, Function<Instant, List<Account>> takeDue, String syncType, String taskType) {
        due(
                code,
                now -> takeDue.apply(now).stream()
                        .map(account ->
                                NewRun.of(account, syncType, Trigger.system).beginningWith(new FirstTask(taskType)))
                        .toList());
    }

    /**
     * Starts a run for each due item, on a timer's thread: see {@link #inBatches}.
     *
     * @param takeDue takes a batch of due items
     */
    public void due(String code, Function<Instant, List<NewRun>> takeDue) {
        inBatches(
                code,
                now -> queueRun.all(takeDue.apply(now), now).stream()
                        .map(Queued::runId)
                        .toList());
    }

    /**
     * Repeats a batch until it queues nothing. A failure is logged, and left to the next call.
     *
     * @param code of the log entry about a failure
     * @param queueBatch returns the runs that it queued at a time
     */
    public void inBatches(String code, Function<Instant, Collection<UUID>> queueBatch) {
        Drain.run(
                1,
                () -> {
                    var runs = Objects.requireNonNull(transaction.execute(_ -> queueBatch.apply(clock.instant())));
                    if (!runs.isEmpty()) {
                        outbox.dispatchSoon(runs);
                    }
                    return Math.min(1, runs.size());
                },
                log,
                code);
    }
}
