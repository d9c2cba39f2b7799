@NullMarked
package io.tributary.scheduler.stats;

import org.jspecify.annotations.NullMarked;
