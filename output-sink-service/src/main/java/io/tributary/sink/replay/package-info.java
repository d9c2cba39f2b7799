/** Replays, which read topics again from a point concurrently with the live consumers, and redrives of outputs. */
@NullMarked
package io.tributary.sink.replay;

import org.jspecify.annotations.NullMarked;
