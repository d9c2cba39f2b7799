package io.tributary.scheduler.housekeeping;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * For how long things are kept, and waited for.
 *
 * @param keepRuns how long after its end a run is kept, with its log, a day and up; default 90 days. What it brought stays
 * @param archiveAuditAfter how old an entry of the audit log is when it moves to {@code audit_log_archive}, a day and up;
 *     default 90 days. The API shows what has not moved
 * @param untakenAfter how long after its dispatch a run that no worker has taken says so, 10 s and up; default 5 minutes
 */
@ConfigurationProperties("tributary.housekeeping")
record HousekeepingProperties(Duration keepRuns, Duration archiveAuditAfter, Duration untakenAfter) {
    HousekeepingProperties {
        atLeast(Duration.ofDays(1), keepRuns, "keep-runs", "1 day");
        atLeast(Duration.ofDays(1), archiveAuditAfter, "archive-audit-after", "1 day");
        atLeast(Duration.ofSeconds(10), untakenAfter, "untaken-after", "10 s");
    }

    private static void atLeast(Duration least, Duration value, String name, String inWords) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "tributary.housekeeping." + name + " is " + value + "; it must be " + inWords + " and up");
        }
    }
}
