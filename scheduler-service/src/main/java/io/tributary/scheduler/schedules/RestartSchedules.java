package io.tributary.scheduler.schedules;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes schedules due again that no run will make due. */
@Component
public record RestartSchedules(JdbcClient jdbc, ScheduleTable schedules) {

    /** Age of an account whose schedules must have a next time or a run. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private static final String COUNT_FAILURE = """
        update sync_schedule set failures = failures + 1
        where user_integration_id = :id and sync_type = :syncType
        returning failures
        """;

    // A schedule that is not due waits for the end of its run. Its transaction sets both, so a schedule that was never
    // due at some time without a run stays so. The age leaves accounts alone that are just being made.
    private static final String REVIVE = """
        update sync_schedule s set next_sync_at = :now
        from user_integration i
        where s.next_sync_at is null and i.id = s.user_integration_id and i.sync_status = 'active'
          and i.created_at < :made and i.updated_at < :made
          and not exists (
            select from sync_run r
            where r.user_integration_id = s.user_integration_id and r.finished_at is null and r.exclusive
              and (s.is_default or r.sync_type = s.sync_type))
        """;

    /** Sets the next time after a run that was lost: now after the first one, later after failures in a row. */
    public void afterLoss(UUID userIntegration, String syncType, boolean active, Instant now, RandomGenerator random) {
        schedules.lock(userIntegration, syncType).ifPresent(schedule -> {
            int failures = jdbc.sql(COUNT_FAILURE)
                    .param("id", userIntegration)
                    .param("syncType", syncType)
                    .query(Integer.class)
                    .single();
            Instant next = failures == 1 ? now : schedule.nextAfterFailure(failures - 1, now, random);
            schedules.setNext(List.of(new Next(userIntegration, syncType, active ? next : null)));
        });
    }

    /**
     * Makes schedules of active accounts due that no live run will make due; returns their number. Normally there is
     * none.
     */
    public int revive(Instant now) {
        return jdbc.sql(REVIVE)
                .param("now", SqlTime.of(now))
                .param("made", SqlTime.of(now.minus(SETTLED)))
                .update();
    }
}
