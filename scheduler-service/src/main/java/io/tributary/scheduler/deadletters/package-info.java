/** Dead letters: read what was set aside, and drive it again. */
@NullMarked
package io.tributary.scheduler.deadletters;

import org.jspecify.annotations.NullMarked;
