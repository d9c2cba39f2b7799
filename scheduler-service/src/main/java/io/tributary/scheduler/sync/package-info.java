/** The API under /sync: live work, triggers of many runs, one-off tasks, pause, resume and purge. */
@NullMarked
package io.tributary.scheduler.sync;

import org.jspecify.annotations.NullMarked;
