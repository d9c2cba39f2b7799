/** The task worker: executes the tasks of sync runs. Start reading at {@code engine.TaskEngine}. */
@NullMarked
package io.tributary.worker;

import org.jspecify.annotations.NullMarked;
