/** What is not to run for now, and who said so. */
@NullMarked
package io.tributary.scheduler.pauses;

import org.jspecify.annotations.NullMarked;
