/**
 * Maintenance jobs, which one sink at a time runs: they remove content past its retention, and objects without
 * references.
 */
@NullMarked
package io.tributary.sink.maintenance;

import org.jspecify.annotations.NullMarked;
