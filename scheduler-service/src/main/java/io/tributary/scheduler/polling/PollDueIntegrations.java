package io.tributary.scheduler.polling;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.polling.PickDueIntegrations.Picked;
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
 * The polling cycle: picks what is due, batch after batch, until nothing is. So the batch size bounds a transaction and
 * not what a cycle can do: someone with 5,000 due integrations gets them all in this cycle, in 50 batches.
 */
public final class PollDueIntegrations {

    /** Batches of a cycle at most; what is left is due in the next one. */
    static final int MAX_BATCHES = 10_000;

    private static final Logger log = LoggerFactory.getLogger(PollDueIntegrations.class);

    private final PickDueIntegrations pickDue;
    private final Manifests manifests;
    private final Outbox outbox;
    private final int batchSize;
    private final BooleanSupplier stopping;
    private final Clock clock;

    /** @param stopping whether the service is to stop: then a cycle ends after the batch that is under way */
    public PollDueIntegrations(
            PickDueIntegrations pickDue,
            Manifests manifests,
            Outbox outbox,
            int batchSize,
            BooleanSupplier stopping,
            Clock clock) {
        this.pickDue = pickDue;
        this.manifests = manifests;
        this.outbox = outbox;
        this.batchSize = batchSize;
        this.stopping = stopping;
        this.clock = clock;
    }

    /**
     * Runs one cycle, on the timer's thread. A failure is logged and left to the next cycle: nothing is half picked.
     *
     * @return how many were picked
     */
    public int run() {
        if (!manifests.caughtUp()) {
            log.debug("cycle skipped, the manifests are not read yet");
            return 0;
        }
        try {
            int picked = pickAll(clock.instant());
            if (picked > 0) {
                log.debug("cycle picked due integrations runs={}", picked);
            }
            return picked;
        } catch (DataAccessException | TransactionException e) {
            log.warn("cycle ended early, the next one goes on code=polling.cycleFailed", e);
            return 0;
        }
    }

    // Due is what was due when the cycle began: a cycle ends even if integrations become due as fast as it picks.
    private int pickAll(Instant due) {
        int total = 0;
        for (int batch = 0; batch < MAX_BATCHES && !stopping.getAsBoolean(); batch++) {
            List<UUID> picked =
                    pickDue.pick(due, batchSize).stream().map(Picked::runId).toList();
            if (picked.isEmpty()) {
                break;
            }
            total += picked.size();
            outbox.dispatchSoon(picked);
        }
        return total;
    }
}
