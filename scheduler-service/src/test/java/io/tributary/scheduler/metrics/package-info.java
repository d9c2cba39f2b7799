@NullMarked
package io.tributary.scheduler.metrics;

import org.jspecify.annotations.NullMarked;
