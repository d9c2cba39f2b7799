/** Access to Postgres: storable values, fast writes, and the meaning of failures. */
@NullMarked
package io.tributary.sink.postgres;

import org.jspecify.annotations.NullMarked;
