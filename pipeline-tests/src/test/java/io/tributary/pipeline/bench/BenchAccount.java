package io.tributary.pipeline.bench;

import java.util.UUID;

/**
 * A user integration of a benchmark.
 *
 * @param domain of its integration
 */
record BenchAccount(UUID id, String domain) {}
