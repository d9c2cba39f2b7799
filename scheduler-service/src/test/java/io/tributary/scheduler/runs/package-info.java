@NullMarked
package io.tributary.scheduler.runs;

import org.jspecify.annotations.NullMarked;
