/** Requests that come again under the same Idempotency-Key are answered as they were the first time. */
@NullMarked
package io.tributary.scheduler.idempotency;

import org.jspecify.annotations.NullMarked;
