/** Checks the hosts that users configure for the workers. */
@NullMarked
package io.tributary.scheduler.addresses;

import org.jspecify.annotations.NullMarked;
