/** The schedules of the sync types of user integrations. */
@NullMarked
package io.tributary.scheduler.schedules;

import org.jspecify.annotations.NullMarked;
