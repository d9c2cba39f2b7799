/** Tests of the watchdog. */
@NullMarked
package io.tributary.scheduler.watchdog;

import org.jspecify.annotations.NullMarked;
