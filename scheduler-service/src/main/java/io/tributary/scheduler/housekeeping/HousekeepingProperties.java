package io.tributary.scheduler.housekeeping;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * For how long things are kept, and waited for.
 *
 * @param keepRuns how long after its end a run is kept, with its log, a day and up; default 90 days. What it brought stays
 * @param untakenAfter how long after its dispatch a run that no worker has taken says so, 10 s and up; default 5 minutes
 */
@ConfigurationProperties("tributary.housekeeping")
record HousekeepingProperties(Duration keepRuns, Duration untakenAfter) {
    HousekeepingProperties {
        if (keepRuns.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException(
                    "tributary.housekeeping.keep-runs is " + keepRuns + "; it must be 1 day and up");
        }
        if (untakenAfter.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalArgumentException(
                    "tributary.housekeeping.untaken-after is " + untakenAfter + "; it must be 10 s and up");
        }
    }
}
