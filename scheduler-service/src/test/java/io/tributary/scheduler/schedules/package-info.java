@NullMarked
package io.tributary.scheduler.schedules;

import org.jspecify.annotations.NullMarked;
