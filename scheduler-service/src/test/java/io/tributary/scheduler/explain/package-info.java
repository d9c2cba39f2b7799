/** Tests of explanations. */
@NullMarked
package io.tributary.scheduler.explain;

import org.jspecify.annotations.NullMarked;
