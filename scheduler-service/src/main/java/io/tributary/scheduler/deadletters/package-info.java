/** Dead letters: reads and redrives them. */
@NullMarked
package io.tributary.scheduler.deadletters;

import org.jspecify.annotations.NullMarked;
