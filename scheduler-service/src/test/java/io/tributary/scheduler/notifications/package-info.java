/** Tests of notifications. */
@NullMarked
package io.tributary.scheduler.notifications;

import org.jspecify.annotations.NullMarked;
