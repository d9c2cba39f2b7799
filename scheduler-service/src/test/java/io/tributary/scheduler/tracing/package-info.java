@NullMarked
package io.tributary.scheduler.tracing;

import org.jspecify.annotations.NullMarked;
