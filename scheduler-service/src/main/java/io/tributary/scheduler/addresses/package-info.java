/** Which hosts a user may point the workers at. */
@NullMarked
package io.tributary.scheduler.addresses;

import org.jspecify.annotations.NullMarked;
