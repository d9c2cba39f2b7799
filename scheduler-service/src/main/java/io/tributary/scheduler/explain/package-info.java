/** Explains what an account waits for. */
@NullMarked
package io.tributary.scheduler.explain;

import org.jspecify.annotations.NullMarked;
