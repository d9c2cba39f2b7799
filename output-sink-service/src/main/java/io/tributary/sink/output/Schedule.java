package io.tributary.sink.output;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a sync type is due again after a run. Pause windows and missed times are the scheduler's: it holds back what it
 * finds due.
 *
 * @param interval 10 seconds and up
 * @param cron goes before the interval; 5 or 6 fields
 * @param zone of the cron expression, IANA
 * @param jitter up to so much is added to the next time by chance; null: a tenth of the interval, a minute at most
 * @param queuesOne whether a time that came while the run was under way is made up for at its end
 */
record Schedule(
        Duration interval,
        @Nullable String cron,
        String zone,
        @Nullable Duration jitter,
        boolean queuesOne) {

    /** The columns that {@link #read} needs, but for the interval. */
    static final String COLUMNS = "schedule_cron, schedule_zone, jitter_seconds, overlap";

    static Schedule read(Duration interval, ResultSet row) throws SQLException {
        Integer jitter = row.getObject("jitter_seconds", Integer.class);
        return new Schedule(
                interval,
                row.getString("schedule_cron"),
                row.getString("schedule_zone"),
                jitter == null ? null : Duration.ofSeconds(jitter),
                row.getString("overlap").equals("queue_one"));
    }
}
