package io.tributary.worker.engine;

import java.util.UUID;

/**
 * A task in the store that has not been settled.
 *
 * @param key where it stands
 * @param runId the run it belongs to, readable without decoding the task
 * @param bytes the task in its wire format
 */
record WaitingTask(TaskKey key, UUID runId, byte[] bytes) {}
