/** The HTTP API as a whole: which calls need a token, in which order its filters run, and its description. */
@NullMarked
package io.tributary.scheduler.api;

import org.jspecify.annotations.NullMarked;
