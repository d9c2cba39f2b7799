/** An integration whose tasks follow each other, and wait where a test wants them to. */
@NullMarked
package io.tributary.pipeline.steps;

import org.jspecify.annotations.NullMarked;
