package io.tributary.worker.engine;

import java.util.UUID;

/**
 * A task in the store that has not been settled.
 *
 * @param key its position
 * @param runId its run, readable without decoding the task
 * @param bytes the task in its codec format
 */
record WaitingTask(TaskKey key, UUID runId, byte[] bytes) {}
