@NullMarked
package io.tributary.scheduler.housekeeping;

import org.jspecify.annotations.NullMarked;
