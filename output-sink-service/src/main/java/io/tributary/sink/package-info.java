/** The output sink: makes the results of workers durable in Postgres, once, and proves it. */
@NullMarked
package io.tributary.sink;

import org.jspecify.annotations.NullMarked;
