@NullMarked
package io.tributary.scheduler.events;

import org.jspecify.annotations.NullMarked;
