@NullMarked
package io.tributary.scheduler;

import org.jspecify.annotations.NullMarked;
