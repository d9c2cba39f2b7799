@NullMarked
package io.tributary.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
