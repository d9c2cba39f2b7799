/** Maintenance jobs: periodic work that one replica does at a time. */
@NullMarked
package io.tributary.scheduler.maintenance;

import org.jspecify.annotations.NullMarked;
