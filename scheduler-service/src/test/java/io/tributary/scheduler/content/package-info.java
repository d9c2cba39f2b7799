@NullMarked
package io.tributary.scheduler.content;

import org.jspecify.annotations.NullMarked;
