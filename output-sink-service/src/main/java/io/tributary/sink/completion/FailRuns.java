package io.tributary.sink.completion;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.RunRecord.Progress;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends or flags runs whose own records cannot do it, so that none of them stays live without a word. */
public record FailRuns(Postgres postgres) {

    private static final Logger log = LoggerFactory.getLogger(FailRuns.class);

    private static final String FAIL = """
        update sync_run
           set status = 'failed', finished_at = now(), error_code = :code, error_message = :message, executing = 0,
               sink_offset = greatest(sink_offset, :offset)
         where id = :id and user_integration_id = :userIntegrationId and finished_at is null\
        """;

    /** As late as an interval after this run, since nothing is known about its cron expression here. */
    private static final String SCHEDULE_NEXT = """
        update sync_schedule s set next_sync_at = now() + make_interval(secs => s.interval_seconds)
          from sync_run r join user_integration i on i.id = r.user_integration_id
         where r.id = ? and r.exclusive and i.sync_status = 'active' and s.next_sync_at is null
           and s.user_integration_id = r.user_integration_id and s.sync_type = r.sync_type\
        """;

    /** A later report of the run replaces it, unless the lost record was the last one. */
    private static final String FLAG = """
        update sync_run set error_code = ?, error_message = ?
         where user_integration_id = ? and finished_at is null and dispatched_at is not null and error_code is null\
        """;

    private record Failed(UUID id, UUID userIntegrationId, String code, String message, long offset) {}

    /**
     * Ends a run as failed, with nothing else, and schedules the next one.
     *
     * @param end the record that should have ended it
     * @throws io.tributary.sink.outage.Unavailable try again later
     */
    public void fail(Progress end, String code, String message) {
        UUID run = end.runId();
        var failed = new Failed(run, end.userIntegrationId(), code, message, end.offset());
        postgres.run(() -> postgres.sql(FAIL, failed).update());
        try {
            postgres.run(() -> postgres.sql(SCHEDULE_NEXT).param(run).update());
        } catch (Rejected e) {
            log.error(
                    "sink.nextRunUnscheduled: the next run cannot be scheduled code={} sqlState={} runId={}",
                    code,
                    e.sqlState(),
                    run);
        }
    }

    /**
     * Shows on the live runs of an account that one of their records was lost: nobody knows of which run, or whether it
     * was the end of it. If it was, the deadline of the run ends it.
     *
     * @throws io.tributary.sink.outage.Unavailable try again later
     */
    public void flag(UUID userIntegration, String code, String message) {
        postgres.run(
                () -> postgres.sql(FLAG).params(code, message, userIntegration).update());
    }
}
