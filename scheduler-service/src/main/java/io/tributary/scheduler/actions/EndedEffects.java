package io.tributary.scheduler.actions;

import io.tributary.scheduler.actions.EffectTable.Found;
import io.tributary.scheduler.http.RunError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How requested effects ended, for those who queued them.
 *
 * <pre>
 *   stored                                      -> happened
 *   dead letter                                 -> failed with its code, or uncertain
 *   run live, or ended a moment ago             -> no end yet
 *   run ended with neither of them              -> uncertain: an attempt may have been interrupted
 *   account deleted                             -> failed
 * </pre>
 */
@Component
public record EndedEffects(EffectTable table, Clock clock) {

    /** How much later than the end of its run an effect or a dead letter may come: each takes another topic. */
    public static final Duration LATE = Duration.ofMinutes(1);

    private static final Ended ACCOUNT_DELETED = new Ended(false, false, "polling.userIntegrationNotFound");

    /**
     * The end of an effect.
     *
     * @param happened whether it happened
     * @param uncertain whether nobody knows
     * @param errorCode why it did not happen, or is uncertain; null: it happened
     */
    public record Ended(
            boolean happened, boolean uncertain, @Nullable String errorCode) {

        private static Ended with(String errorCode) {
            return new Ended(false, errorCode.equals(ActionController.UNCERTAIN), errorCode);
        }
    }

    /** The end of an effect; empty: it waits or executes, or nobody requested it. */
    public Optional<Ended> find(UUID userIntegrationId, String key) {
        Optional<Found> found = table.find(userIntegrationId, key);
        return found.isEmpty() && !table.accountExists(userIntegrationId)
                ? Optional.of(ACCOUNT_DELETED)
                : found.flatMap(this::end);
    }

    private Optional<Ended> end(Found found) {
        if (found.result() != null) {
            return Optional.of(new Ended(true, false, null));
        }
        RunError letter = found.letter();
        if (letter != null) {
            return Optional.of(Ended.with(letter.code()));
        }
        return found.live() || isRecent(found.finishedAt())
                ? Optional.empty()
                : Optional.of(Ended.with(ActionController.UNCERTAIN));
    }

    private boolean isRecent(@Nullable Instant finishedAt) {
        return finishedAt != null && finishedAt.plus(LATE).isAfter(clock.instant());
    }
}
