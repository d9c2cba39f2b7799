@NullMarked
package io.tributary.scheduler.sync;

import org.jspecify.annotations.NullMarked;
