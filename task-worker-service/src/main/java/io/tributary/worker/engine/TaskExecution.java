package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Task;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** What the engine asks of the side that knows integrations. */
public interface TaskExecution {

    /**
     * Executes one task. Called on a virtual thread, many at a time.
     *
     * @param syncState the run's state as it now is
     * @param quota told what the provider says is left of its quota, any number of times, from any thread
     * @return how it ended; whatever a plugin throws is an outcome, not an exception
     * @throws InterruptedException when interrupted: the outcome is wanted no more
     */
    Outcome execute(Task task, JsonObject syncState, Consumer<Quota> quota) throws InterruptedException;

    /** The limits of an integration; the defaults where it is not known. Any thread. */
    Limits limitsOf(String domain);

    /** What an integration says of one of its sync types; empty where it is not known. Any thread. */
    default Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
        return Optional.empty();
    }

    /** A user integration's config or credentials have changed: forget what was read. Stream thread. */
    void forget(UUID userIntegrationId);
}
