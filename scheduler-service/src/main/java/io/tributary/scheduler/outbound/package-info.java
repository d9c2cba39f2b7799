/** Requests to URLs that users set. */
@NullMarked
package io.tributary.scheduler.outbound;

import org.jspecify.annotations.NullMarked;
