@NullMarked
package io.tributary.scheduler.quotas;

import org.jspecify.annotations.NullMarked;
