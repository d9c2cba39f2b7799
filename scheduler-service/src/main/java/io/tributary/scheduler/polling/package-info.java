/** From a due user integration to its initial task on the topic: pick, outbox, publish. */
@NullMarked
package io.tributary.scheduler.polling;

import org.jspecify.annotations.NullMarked;
