/** The connections to Postgres: a pool for requests, with a share for each caller, and one for all other work. */
@NullMarked
package io.tributary.scheduler.database;

import org.jspecify.annotations.NullMarked;
