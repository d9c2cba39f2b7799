/** The services as processes that can be killed: what the tests of the whole pipeline and the benchmarks share. */
@NullMarked
package io.tributary.pipeline;

import org.jspecify.annotations.NullMarked;
