/** Sums of finished runs by integration and five minutes. */
@NullMarked
package io.tributary.scheduler.stats;

import org.jspecify.annotations.NullMarked;
