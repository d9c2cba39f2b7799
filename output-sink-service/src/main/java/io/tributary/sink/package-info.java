/** The output sink: makes what workers produced durable in Postgres, once, and proves it. */
@NullMarked
package io.tributary.sink;

import org.jspecify.annotations.NullMarked;
