package io.tributary.scheduler.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits in the tables of the scheduler. Counts end at 100,000. One replica runs it at a time. */
@Component
public final class BacklogGauges implements Runnable {

    private static final String READ = """
        select
          (select count(*) from (select 1 from run_outbox where held_by is null limit 100000) r) as runs,
          (select count(*) from (select 1 from event_outbox where published_at is null limit 100000) e) as events,
          (select coalesce(extract(epoch from :now - min(at)), 0) from (
             select at from event_outbox where published_at is null order by sequence limit 1) e) as event_seconds,
          (select count(*) from (
             select 1 from webhook_delivery where status = 'pending' limit 100000) w) as webhooks,
          (select greatest(0, coalesce(extract(epoch from :now - min(next_attempt_at)), 0)) from webhook_delivery
            where status = 'pending') as webhook_seconds,
          (select count(*) from replay where finished_at is null) as replays,
          (select count(*) from (
             select 1 from generate_series(0, 9) as level cross join lateral (
               select 1 from notification_delivery
               where priority = level and status = 'scheduled' and due_at is not null and due_at <= :now
               limit 100000) d
             limit 100000) n) as notifications
        """;

    private record Row(
            double runs,
            double events,
            double eventSeconds,
            double webhooks,
            double webhookSeconds,
            double replays,
            double notifications) {}

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ReadNumber runs;
    private final ReadNumber events;
    private final ReadNumber eventSeconds;
    private final ReadNumber webhooks;
    private final ReadNumber webhookSeconds;
    private final ReadNumber replays;
    private final ReadNumber notifications;

    BacklogGauges(JdbcClient jdbc, MeterRegistry meters, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        runs = gauge(meters, "undispatched.runs", null, "Queued runs that are not on the tasks topic");
        events = gauge(meters, "unpublished.events", null, "Events that are not published");
        eventSeconds = gauge(meters, "oldest.event", "seconds", "Age of the oldest event that is not published");
        webhooks = gauge(meters, "pending.webhooks", null, "Deliveries of webhooks that are not over");
        webhookSeconds = gauge(meters, "webhook.lateness", "seconds", "Time since the longest due delivery was due");
        replays = gauge(meters, "replays", null, "Replays that wait or run");
        notifications = gauge(meters, "due.notifications", null, "Deliveries of notifications that are due");
    }

    private ReadNumber gauge(MeterRegistry meters, String name, @Nullable String unit, String meaning) {
        var number = new ReadNumber(clock);
        Gauge.builder("tributary.scheduler." + name, number, ReadNumber::value)
                .baseUnit(unit)
                .description(meaning + "; NaN: another replica reads it")
                .register(meters);
        return number;
    }

    /** Reads the numbers. On the thread of the maintenance jobs. */
    @Override
    public void run() {
        Row row = jdbc.sql(READ)
                .param("now", SqlTime.of(clock.instant()))
                .query(Row.class)
                .single();
        runs.read(row.runs());
        events.read(row.events());
        eventSeconds.read(row.eventSeconds());
        webhooks.read(row.webhooks());
        webhookSeconds.read(row.webhookSeconds());
        replays.read(row.replays());
        notifications.read(row.notifications());
    }
}
