@NullMarked
package io.tributary.scheduler.testing;

import org.jspecify.annotations.NullMarked;
