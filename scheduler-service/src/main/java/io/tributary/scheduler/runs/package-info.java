/** Sync runs: trigger, read, prove. */
@NullMarked
package io.tributary.scheduler.runs;

import org.jspecify.annotations.NullMarked;
