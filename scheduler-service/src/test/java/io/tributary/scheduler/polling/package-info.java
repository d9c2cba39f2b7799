@NullMarked
package io.tributary.scheduler.polling;

import org.jspecify.annotations.NullMarked;
