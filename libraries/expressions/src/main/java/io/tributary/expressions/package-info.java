/** JSONata within bounds: of time, of depth, and of what an expression may contain. */
@NullMarked
package io.tributary.expressions;

import org.jspecify.annotations.NullMarked;
