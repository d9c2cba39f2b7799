package io.tributary.pipeline.bench;

import java.time.Instant;
import java.util.UUID;

/**
 * A sync run under way.
 *
 * @param publishedAt when its initial task was published
 */
record BenchRun(UUID id, BenchAccount account, Instant publishedAt) {}
