/** Waiting while something that the sink needs is unavailable. */
@NullMarked
package io.tributary.sink.outage;

import org.jspecify.annotations.NullMarked;
