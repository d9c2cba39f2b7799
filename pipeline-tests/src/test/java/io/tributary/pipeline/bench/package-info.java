/**
 * The benchmarks behind {@code ./tributary bench}. A {@link Lab} has the servers, a {@link WorkerStage} on it the
 * topics and workers of one {@link Scenario}, which measures {@link Figures}.
 */
@NullMarked
package io.tributary.pipeline.bench;

import org.jspecify.annotations.NullMarked;
