/** Replays: ask for one, follow it, cancel it. The sink carries them out. */
@NullMarked
package io.tributary.scheduler.replays;

import org.jspecify.annotations.NullMarked;
