/** The inbox of a user: notifications that go through no channel. */
@NullMarked
package io.tributary.scheduler.inbox;

import org.jspecify.annotations.NullMarked;
