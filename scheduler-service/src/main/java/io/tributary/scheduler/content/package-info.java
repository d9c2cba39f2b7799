/** Synced content: reads it, and requests its removal. */
@NullMarked
package io.tributary.scheduler.content;

import org.jspecify.annotations.NullMarked;
