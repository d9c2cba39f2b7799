@NullMarked
package io.tributary.scheduler.actions;

import org.jspecify.annotations.NullMarked;
