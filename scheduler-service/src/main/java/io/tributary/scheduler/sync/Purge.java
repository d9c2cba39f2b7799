package io.tributary.scheduler.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.runs.CancelRuns;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Empties the queue: ends live runs, and cancels one-off tasks that wait. What was synced stays. */
@Component
class Purge {

    /** One-off tasks that one request cancels at most. */
    static final int MAX_ONE_OFFS = 10_000;

    private static final String CANCEL_ONE_OFFS = """
        update one_off_task set cancelled_at = :now
        where id in (
          select id from one_off_task
          where run_id is null and cancelled_at is null and %s
            and (:userIntegrationId::uuid is null or user_integration_id = :userIntegrationId::uuid)
            and (:domain::text is null or integration_domain = :domain::text)
          order by id limit :max
          for update)
        """;

    /**
     * Body that says what to purge; may be left out: all that the caller may touch.
     *
     * @param platform only of this platform
     * @param userIntegrationId only of this account
     */
    @Schema(name = "PurgeRequest")
    record Request(@Nullable String platform, @Nullable UUID userIntegrationId) {

        static final Request EVERYTHING = new Request(null, null);
    }

    /**
     * What was purged; runs end once their worker has heard of it.
     *
     * @param runs live runs that end
     * @param oneOffTasks that do not start any more
     * @param more there was more than one request ends: ask again
     */
    @Schema(name = "PurgeAnswer")
    record Answer(int runs, int oneOffTasks, boolean more) {}

    private final JdbcClient jdbc;
    private final CancelRuns cancelRuns;
    private final Clock clock;

    Purge(JdbcClient jdbc, CancelRuns cancelRuns, Clock clock) {
        this.jdbc = jdbc;
        this.cancelRuns = cancelRuns;
        this.clock = clock;
    }

    Answer purge(Request request, Caller caller) {
        // One-off tasks first: none of them becomes a run behind our back.
        int oneOffs = jdbc.sql(CANCEL_ONE_OFFS.formatted(caller.ownRows("user_id")))
                .param("userIntegrationId", request.userIntegrationId())
                .param("domain", request.platform())
                .param(Caller.PARAMETER, caller.userId())
                .param("max", MAX_ONE_OFFS)
                .param("now", SqlTime.of(clock.instant()))
                .update();
        int runs = cancelRuns.purge(request.userIntegrationId(), request.platform(), caller);
        return new Answer(runs, oneOffs, runs == CancelRuns.MAX_PURGED || oneOffs == MAX_ONE_OFFS);
    }
}
