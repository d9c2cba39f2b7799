/**
 * The plugin SPI. An {@link io.tributary.integrations.api.Integration} takes a task and returns a result; everything it
 * may use of the outside comes with its {@link io.tributary.integrations.api.TaskContext}.
 */
@NullMarked
package io.tributary.integrations.api;

import org.jspecify.annotations.NullMarked;
