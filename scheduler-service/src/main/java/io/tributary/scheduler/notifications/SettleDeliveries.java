package io.tributary.scheduler.notifications;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.actions.SystemKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes to deliveries what became of their effects: {@code sent} where the effect happened; {@code uncertain} or
 * {@code failed} where its task is a dead letter. A status only moves forward, so it may be called at any time, and
 * twice.
 */
@Component
record SettleDeliveries(JdbcClient jdbc, NotificationMeters meters) {

    /** What the key of an effect begins with; the id of the delivery follows. */
    static final String KEY = SystemKeys.NOTIFICATION;

    // The dead letter of an effect that was redriven counts no longer: its new run decides.
    private static final String SETTLE = """
        update notification_delivery d
        set status = found.status, provider_id = found.provider_id, attempts = found.attempts,
            error_code = found.error_code, error_message = found.error_message
        from (
          select d.id, e.provider_id, l.error_code, l.error_message, coalesce(l.attempts, 1) as attempts,
                 case when e.effect_key is not null then 'sent'
                      when l.error_code = 'effects.uncertain' then 'uncertain'
                      else 'failed' end as status
          from notification_delivery d
          left join effect e
            on e.user_integration_id = d.user_integration_id and e.effect_key = 'notification:' || d.id
          left join lateral (
            select error_code, error_message, attempts from dead_letter
            where user_integration_id = d.user_integration_id and effect_key = 'notification:' || d.id
              and redriven_at is null
            order by created_at desc limit 1) l on e.effect_key is null
          where %s and d.status in ('queued', 'failed', 'uncertain')
            and (e.effect_key is not null or l.error_code is not null)) found
        where d.id = found.id and notification_rank(found.status) > notification_rank(d.status)
        returning d.integration_domain, d.status
        """;

    private static final String OF_RUNS = SETTLE.formatted("d.run_id = any (:runs::uuid[])");

    private static final String OF_NOTIFICATION = SETTLE.formatted("d.notification_id = :id");

    private static final String TAKE = """
        select r.run_id, s.id is null as gone, s.finished_at, s.status, s.error_code, s.error_message
        from notification_run r left join sync_run s on s.id = r.run_id
        where r.look_at <= :now
          and (s.id is null or s.finished_at is not null or s.completed + s.failed - 1 > r.settled)
        order by r.look_at
        limit :batch
        for update of r skip locked
        """;

    // What is neither an effect nor a dead letter when its run has ended.
    private static final String END = """
        update notification_delivery d
        set status = ended.status, error_code = ended.code, error_message = ended.message
        from unnest(:runs::uuid[], :statuses::text[], :codes::text[], :messages::text[])
          as ended (run_id, status, code, message)
        where d.run_id = ended.run_id and d.status = 'queued'
        returning d.integration_domain, d.status
        """;

    private static final String FORGET = """
        delete from notification_run r
        where run_id = any (:runs::uuid[])
          and not exists (select from notification_delivery d where d.run_id = r.run_id and d.status = 'queued')
        """;

    private static final String LOOK_AGAIN = """
        update notification_run r
        set look_at = :next,
            settled = (select count(*) from notification_delivery d where d.run_id = r.run_id and d.status <> 'queued')
        where run_id = any (:runs::uuid[])
        """;

    /** A delivery that has ended. */
    record Settled(String integrationDomain, String status) {}

    /**
     * A run to look at, locked.
     *
     * @param gone whether it was deleted, with its account
     * @param finishedAt null: it is live
     * @param status of the run; null: it is gone
     */
    record Watched(
            UUID runId,
            boolean gone,
            @Nullable Instant finishedAt,
            @Nullable String status,
            @Nullable String errorCode,
            @Nullable String errorMessage) {

        private static Watched read(ResultSet row) throws SQLException {
            return new Watched(
                    row.getObject("run_id", UUID.class),
                    row.getBoolean("gone"),
                    SqlTime.find(row, "finished_at"),
                    row.getString("status"),
                    row.getString("error_code"),
                    row.getString("error_message"));
        }
    }

    /** The end of what a run left open. */
    record Ending(UUID runId, String status, String code, String message) {}

    /** Locks runs whose tasks have ended since the last look, until the end of the transaction. */
    List<Watched> take(Instant now, int batch) {
        return jdbc.sql(TAKE)
                .param("now", SqlTime.of(now))
                .param("batch", batch)
                .query((row, _) -> Watched.read(row))
                .list();
    }

    /** Settles the deliveries of runs. */
    void ofRuns(Collection<UUID> runs) {
        count(jdbc.sql(OF_RUNS).param("runs", texts(runs)));
    }

    /** Settles the deliveries of a notification, also those whose dead letter was redriven; returns their number. */
    int of(UUID notification) {
        return count(jdbc.sql(OF_NOTIFICATION).param("id", notification));
    }

    private int count(JdbcClient.StatementSpec statement) {
        var settled = statement.query(Settled.class).list();
        settled.forEach(each -> meters.ended(each.integrationDomain(), each.status()));
        return settled.size();
    }

    /** Ends what runs left open. */
    void end(List<Ending> endings) {
        if (endings.isEmpty()) {
            return;
        }
        count(jdbc.sql(END)
                .param("runs", texts(endings.stream().map(Ending::runId).toList()))
                .param("statuses", endings.stream().map(Ending::status).toArray(String[]::new))
                .param("codes", endings.stream().map(Ending::code).toArray(String[]::new))
                .param("messages", endings.stream().map(Ending::message).toArray(String[]::new)));
    }

    /** Ends the watch of the runs whose deliveries have all ended, and looks at the others again after a while. */
    void lookAgain(Collection<UUID> runs, Instant now, Duration after) {
        jdbc.sql(FORGET).param("runs", texts(runs)).update();
        jdbc.sql(LOOK_AGAIN)
                .param("runs", texts(runs))
                .param("next", SqlTime.of(now.plus(after)))
                .update();
    }

    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
