/**
 * Runs an integration without the engine, for its author: a {@link
 * io.tributary.integrations.workbench.ConnectedAccount} syncs in memory as the engine would, and a {@link
 * io.tributary.integrations.workbench.LocalContext} stands in for the worker's.
 */
@NullMarked
package io.tributary.integrations.workbench;

import org.jspecify.annotations.NullMarked;
