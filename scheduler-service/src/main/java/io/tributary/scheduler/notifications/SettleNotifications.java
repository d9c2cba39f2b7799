package io.tributary.scheduler.notifications;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.actions.EndedEffects;
import io.tributary.scheduler.notifications.SettleDeliveries.Ending;
import io.tributary.scheduler.notifications.SettleDeliveries.Watched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Settles the deliveries of the runs whose tasks end. Its cost follows the runs under way, whose number is a fraction
 * of the deliveries, and not what has ended.
 */
@Component
public record SettleNotifications(SettleDeliveries deliveries, TransactionOperations transaction, Clock clock) {

    /** Most runs of one transaction. */
    private static final int BATCH = 100;

    /** Time from one look at a run to the next. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(SettleNotifications.class);

    /**
     * Settles what has ended, on a timer's thread. A failure is logged and left to the next call.
     *
     * @return the number of runs that it looked at
     */
    public int run() {
        return Drain.run(BATCH, this::settleBatch, log, "notifications.notSettled");
    }

    private int settleBatch() {
        return Objects.requireNonNull(transaction.execute(_ -> settleBatch(clock.instant())));
    }

    private int settleBatch(Instant now) {
        List<Watched> watched = deliveries.take(now, BATCH);
        List<UUID> runs = watched.stream().map(Watched::runId).toList();
        if (!runs.isEmpty()) {
            deliveries.ofRuns(runs);
            deliveries.end(watched.stream()
                    .map(run -> ending(run, now))
                    .flatMap(Optional::stream)
                    .toList());
            deliveries.lookAgain(runs, now, AGAIN);
        }
        return runs.size();
    }

    /**
     * What becomes of deliveries without an effect and without a dead letter. A run fails as a whole when the account
     * is rejected: its other tasks never began. A task of a run that was cancelled may have.
     */
    private static Optional<Ending> ending(Watched run, Instant now) {
        if (run.gone()) {
            return Optional.of(
                    new Ending(run.runId(), "failed", "notifications.channelGone", "The account was deleted."));
        }
        if (run.finishedAt() == null || run.finishedAt().plus(EndedEffects.LATE).isAfter(now)) {
            return Optional.empty();
        }
        boolean failed = "failed".equals(run.status()) && run.errorCode() != null;
        return Optional.of(new Ending(
                run.runId(),
                failed ? "failed" : "uncertain",
                failed ? Objects.requireNonNull(run.errorCode()) : "notifications.runEnded",
                Objects.requireNonNullElse(
                        run.errorMessage(), "The run ended before the provider's answer was stored.")));
    }
}
