/** Time series of figures, such as impressions and spend, and their sums. */
@NullMarked
package io.tributary.scheduler.figures;

import org.jspecify.annotations.NullMarked;
