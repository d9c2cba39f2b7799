/** The sync surface: what is under way, triggers of many, one-off tasks, pause, resume and purge. */
@NullMarked
package io.tributary.scheduler.sync;

import org.jspecify.annotations.NullMarked;
