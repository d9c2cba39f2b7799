/** An integration that repeats its credential wherever it can. */
@NullMarked
package io.tributary.pipeline.leaks;

import org.jspecify.annotations.NullMarked;
