package io.tributary.pipeline.bench;

import java.util.UUID;

/**
 * A user integration of a benchmark.
 *
 * @param domain of its integration
 */
record Account(UUID id, String domain) {}
