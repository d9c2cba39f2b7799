@NullMarked
package io.tributary.scheduler.audit;

import org.jspecify.annotations.NullMarked;
