/** The topic of dead letters: sends those of the sink, and stores all. */
@NullMarked
package io.tributary.sink.deadletter;

import org.jspecify.annotations.NullMarked;
