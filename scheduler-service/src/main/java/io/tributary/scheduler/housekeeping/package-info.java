/** What is done periodically, by one replica at a time. */
@NullMarked
package io.tributary.scheduler.housekeeping;

import org.jspecify.annotations.NullMarked;
