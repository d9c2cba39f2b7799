package io.tributary.scheduler.polling;

import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.QueueRun.Queued;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The polling cycle: picks due schedules, batch after batch, until none is due. The batch size bounds a transaction,
 * not a cycle: a user with 5,000 due integrations gets all of them in this cycle, in 50 batches.
 *
 * @param stopping whether the service is stopping: then a cycle ends after the current batch
 */
public record PollDueIntegrations(
        PickDueIntegrations pickDue,
        Manifests manifests,
        Outbox outbox,
        int batchSize,
        BooleanSupplier stopping,
        Clock clock) {

    /** Most batches of a cycle; the next cycle picks the rest. */
    static final int MAX_BATCHES = 10_000;

    private static final Logger log = LoggerFactory.getLogger(PollDueIntegrations.class);

    /**
     * Runs one cycle, on the timer's thread. A failure is logged and left to the next cycle: each batch is all or
     * nothing.
     *
     * @return the number of queued runs
     */
    public int run() {
        if (!manifests.caughtUp()) {
            log.debug("polling.cycleSkipped: the manifests are not read yet");
            return 0;
        }
        try {
            log.debug("polling.cycleStarted: polling cycle started");
            int picked = pickAll(clock.instant());
            log.debug("polling.cycleEnded: polling cycle ended runs={}", picked);
            return picked;
        } catch (DataAccessException | TransactionException e) {
            log.warn("polling.cycleFailed: cycle ended early, the next one goes on", e);
            return 0;
        }
    }

    // Picks only schedules that were due when the cycle began, so that it ends even if integrations become due as fast
    // as it picks.
    private int pickAll(Instant due) {
        int total = 0;
        for (int batch = 0; batch < MAX_BATCHES && !stopping.getAsBoolean(); batch++) {
            List<UUID> picked =
                    pickDue.pick(due, batchSize).stream().map(Queued::runId).toList();
            if (picked.isEmpty()) {
                break;
            }
            total += picked.size();
            outbox.dispatchSoon(picked);
        }
        return total;
    }
}
