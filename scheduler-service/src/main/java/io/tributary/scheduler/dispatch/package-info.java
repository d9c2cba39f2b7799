/** Dispatches queued runs to the workers. */
@NullMarked
package io.tributary.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
