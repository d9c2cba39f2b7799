@NullMarked
package io.tributary.scheduler.incoming;

import org.jspecify.annotations.NullMarked;
