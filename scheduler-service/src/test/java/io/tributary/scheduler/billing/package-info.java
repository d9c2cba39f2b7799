@NullMarked
package io.tributary.scheduler.billing;

import org.jspecify.annotations.NullMarked;
