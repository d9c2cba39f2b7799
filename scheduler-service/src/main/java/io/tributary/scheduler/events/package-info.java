/** Publishes events: what other services noted in the outbox goes to the topic, and to webhooks. */
@NullMarked
package io.tributary.scheduler.events;

import org.jspecify.annotations.NullMarked;
