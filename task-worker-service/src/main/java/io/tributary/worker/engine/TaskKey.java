package io.tributary.worker.engine;

import java.util.UUID;

/**
 * The position of a waiting task: the lane of its user integration, its priority, and its place in that queue.
 *
 * @param lane the user integration
 * @param priority 0 (first) to 9 (last), of backfills 10 to 19
 * @param sequence 0 and up, counted for each lane and priority
 */
record TaskKey(UUID lane, int priority, long sequence) {}
