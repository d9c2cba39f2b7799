/** What Postgres can hold, how it takes it fastest, and what its refusals mean. */
@NullMarked
package io.tributary.sink.postgres;

import org.jspecify.annotations.NullMarked;
