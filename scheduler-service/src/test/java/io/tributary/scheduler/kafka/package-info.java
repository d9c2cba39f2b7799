@NullMarked
package io.tributary.scheduler.kafka;

import org.jspecify.annotations.NullMarked;
