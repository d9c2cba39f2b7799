@NullMarked
package io.tributary.scheduler.timers;

import org.jspecify.annotations.NullMarked;
