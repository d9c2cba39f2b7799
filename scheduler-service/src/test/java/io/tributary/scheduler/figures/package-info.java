@NullMarked
package io.tributary.scheduler.figures;

import org.jspecify.annotations.NullMarked;
