package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Task;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Executes tasks by their integrations, for the engine. */
public interface TaskExecution {

    /**
     * Executes one task. Called on a virtual thread, many at a time.
     *
     * @param effect the effect that it is to have; null: it executes no action
     * @param syncState the run's present state
     * @param quota receives the remaining quota of the provider, any number of times, from any thread
     * @return the outcome; an exception of a plugin is an outcome as well
     * @throws InterruptedException when interrupted: nobody needs the outcome
     */
    Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
            throws InterruptedException;

    /** The limits of an integration; the defaults where it is not known. Any thread. */
    Limits limitsOf(String domain);

    /** The manifest's entry of a sync type; empty where it is not known. Any thread. */
    default Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
        return Optional.empty();
    }

    /** The task types of an integration that are actions; none where it is not known. Any thread. */
    default Set<String> actionsOf(String domain) {
        return Set.of();
    }

    /** A user integration's config or credentials have changed: drop the cached ones. Stream thread. */
    void forget(UUID userIntegrationId);
}
