/**
 * Notifications: what is to be sent to somebody, through accounts with the action {@code send}. They and their
 * deliveries are rows that become due; each delivery is queued as an effect, whose business key is the delivery's id.
 */
@NullMarked
package io.tributary.scheduler.notifications;

import org.jspecify.annotations.NullMarked;
