@NullMarked
package io.tributary.scheduler.maintenance;

import org.jspecify.annotations.NullMarked;
