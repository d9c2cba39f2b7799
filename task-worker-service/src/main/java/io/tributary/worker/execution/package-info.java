/**
 * Executes one task: finds its integration and its account, runs the plugin, and turns whatever comes of it into an
 * {@link io.tributary.worker.engine.Outcome}.
 */
@NullMarked
package io.tributary.worker.execution;

import org.jspecify.annotations.NullMarked;
