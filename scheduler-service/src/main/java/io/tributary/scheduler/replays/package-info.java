/** Replays: requests, shows and cancels them. The sink executes them. */
@NullMarked
package io.tributary.scheduler.replays;

import org.jspecify.annotations.NullMarked;
