/** Traces of requests and of the runs that begin here. */
@NullMarked
package io.tributary.scheduler.tracing;

import org.jspecify.annotations.NullMarked;
