/** Sync runs in the sink: their rows, their records on the topic, and their locks. */
@NullMarked
package io.tributary.sink.run;

import org.jspecify.annotations.NullMarked;
