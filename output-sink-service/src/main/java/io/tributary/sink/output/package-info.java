/** The topic of outputs: one Postgres transaction a batch for outputs, progress and completion. */
@NullMarked
package io.tributary.sink.output;

import org.jspecify.annotations.NullMarked;
