package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.Task;

/** What the engine asks of the side that knows integrations. */
public interface TaskExecution {

    /**
     * Executes one task. Called on a virtual thread, many at a time.
     *
     * @param syncState the run's state as it now is
     * @return how it ended; whatever a plugin throws is an outcome, not an exception
     * @throws InterruptedException when interrupted: the outcome is wanted no more
     */
    Outcome execute(Task task, JsonObject syncState) throws InterruptedException;

    /** The limits of an integration; the defaults where it is not known. Any thread. */
    Limits limitsOf(String domain);

    /** A user integration's config or credentials have changed: forget what was read. Stream thread. */
    void forget(java.util.UUID userIntegrationId);
}
