@NullMarked
package io.tributary.scheduler.webhooks;

import org.jspecify.annotations.NullMarked;
