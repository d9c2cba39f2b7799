@NullMarked
package io.tributary.scheduler.replays;

import org.jspecify.annotations.NullMarked;
