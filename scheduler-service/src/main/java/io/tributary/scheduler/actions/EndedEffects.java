package io.tributary.scheduler.actions;

import io.tributary.scheduler.actions.ActionController.EffectState;
import io.tributary.scheduler.actions.ActionController.Status;
import io.tributary.scheduler.http.RunError;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How requested effects ended, for those who queued them. */
@Component
public record EndedEffects(EffectTable table) {

    /**
     * The end of an effect.
     *
     * @param happened whether it happened
     * @param uncertain whether nobody knows
     * @param errorCode why it did not happen, or is uncertain; null: it happened
     */
    public record Ended(
            boolean happened, boolean uncertain, @Nullable String errorCode) {}

    /** The end of an effect; empty: it waits or executes, or nobody requested it. */
    public Optional<Ended> find(UUID userIntegrationId, String key) {
        return table.find(userIntegrationId, key)
                .map(EffectState::of)
                .filter(state -> state.status() != Status.queued)
                .map(state -> new Ended(
                        state.status() == Status.done, state.status() == Status.uncertain, code(state.error())));
    }

    private static @Nullable String code(@Nullable RunError error) {
        return error == null ? null : error.code();
    }
}
