/** Pauses of user integrations, platforms, backfills and everything. */
@NullMarked
package io.tributary.scheduler.pauses;

import org.jspecify.annotations.NullMarked;
