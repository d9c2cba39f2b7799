@NullMarked
package io.tributary.scheduler.idempotency;

import org.jspecify.annotations.NullMarked;
