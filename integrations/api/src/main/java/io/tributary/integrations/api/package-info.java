/**
 * The plugin SPI. An {@link io.tributary.integrations.api.Integration} takes a task and returns a result; its only
 * access to the outside is its {@link io.tributary.integrations.api.TaskContext}.
 */
@NullMarked
package io.tributary.integrations.api;

import org.jspecify.annotations.NullMarked;
