/**
 * Executes one task: finds its integration and its account, runs the plugin, and turns the result or the failure into
 * an {@link io.tributary.worker.engine.Outcome}.
 */
@NullMarked
package io.tributary.worker.execution;

import org.jspecify.annotations.NullMarked;
