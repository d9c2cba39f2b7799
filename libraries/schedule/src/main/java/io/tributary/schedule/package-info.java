/** Schedules of sync types. Depends on the JDK only; time, zones and randomness are parameters. */
@NullMarked
package io.tributary.schedule;

import org.jspecify.annotations.NullMarked;
