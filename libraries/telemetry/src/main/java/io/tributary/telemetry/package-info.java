/** The trace of a run, and the fields of a log line. */
@NullMarked
package io.tributary.telemetry;

import org.jspecify.annotations.NullMarked;
