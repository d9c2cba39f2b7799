/** Metrics that are read from the database: by one replica, and not at each scrape. */
@NullMarked
package io.tributary.scheduler.metrics;

import org.jspecify.annotations.NullMarked;
