/** Repeated requests with the same Idempotency-Key get the response of the first one. */
@NullMarked
package io.tributary.scheduler.idempotency;

import org.jspecify.annotations.NullMarked;
