/** The timetable of the service. */
@NullMarked
package io.tributary.scheduler.timers;

import org.jspecify.annotations.NullMarked;
