/** The end of a run: its proof, its row, and its effect on account and schedule. */
@NullMarked
package io.tributary.sink.completion;

import org.jspecify.annotations.NullMarked;
