package io.tributary.scheduler.quotas;

import org.springframework.http.HttpStatus;

/** What is limited by user and by organisation. */
public enum Quota {

    /** Connected accounts. */
    ACCOUNTS(
            "accounts",
            HttpStatus.CONFLICT,
            "Delete accounts",
            "user_id",
            "select count(*) from user_integration where %s"),

    /** Live runs of all triggers but system, which the engine starts itself. */
    LIVE_RUNS("liveRuns", HttpStatus.TOO_MANY_REQUESTS, "Retry when runs have ended", "user_id", """
        select count(*) from sync_run where %s and finished_at is null and trigger <> 'system'
        """),

    /** Live backfills. */
    LIVE_BACKFILLS("liveBackfills", HttpStatus.TOO_MANY_REQUESTS, "Retry when backfills have ended", "user_id", """
        select count(*) from sync_run where %s and finished_at is null and trigger = 'backfill'
        """),

    /** Runs that all schedules start in an hour, by their shortest gaps. */
    RUNS_PER_HOUR("runsPerHour", HttpStatus.CONFLICT, "Choose longer intervals", "i.user_id", """
        select coalesce(sum(3600.0 / case when s.schedule_cron is null then s.interval_seconds
                                          else coalesce(s.cron_gap_seconds, 60) end), 0)::bigint
        from user_integration i join sync_schedule s on s.user_integration_id = i.id
        where %s
        """),

    /** Webhooks. */
    WEBHOOKS("webhooks", HttpStatus.CONFLICT, "Delete webhooks", "user_id", "select count(*) from webhook where %s"),

    /** Replays that wait or run. */
    REPLAYS("replays", HttpStatus.TOO_MANY_REQUESTS, "Retry when replays have ended", "requested_by", """
        select count(*) from replay where %s and finished_at is null
        """),

    /** Notifications that have not ended. */
    NOTIFICATIONS("notifications", HttpStatus.TOO_MANY_REQUESTS, "Retry when notifications were sent", "user_id", """
        select count(*) from notification where %s and ended_at is null
        """),

    /** Templates of notifications. */
    TEMPLATES("templates", HttpStatus.CONFLICT, "Delete templates", "user_id", """
        select count(*) from notification_template where %s
        """),

    /** Addresses to which no notifications go. */
    SUPPRESSIONS("suppressions", HttpStatus.CONFLICT, "Delete suppressions", "user_id", """
        select count(*) from notification_suppression where %s
        """);

    private final String label;
    private final HttpStatus status;
    private final String remedy;
    private final String owner;
    private final String count;

    Quota(String label, HttpStatus status, String remedy, String owner, String count) {
        this.label = label;
        this.status = status;
        this.remedy = remedy;
        this.owner = owner;
        this.count = count;
    }

    /** Its name in responses, codes and the table {@code org_quota}. */
    public String label() {
        return label;
    }

    /** Stable code of the problem when it is used up. */
    public String code() {
        return "quota." + label;
    }

    /** Status of the problem: 409 when only a change of the caller helps, 429 when time does. */
    HttpStatus status() {
        return status;
    }

    String remedy() {
        return remedy;
    }

    /** Counts the use of a user in an organisation; parameters {@code user} and {@code org}. */
    String countOfUser() {
        return count.formatted(owner + " = :user and " + orgColumn() + " = :org");
    }

    /** Counts the use of an organisation; parameter {@code org}. */
    String countOfOrg() {
        return count.formatted(orgColumn() + " = :org");
    }

    /** Counts the use of an account, where accounts have one; parameter {@code id}. */
    String countOfAccount() {
        return count.formatted("i.id = :id");
    }

    private String orgColumn() {
        return owner.substring(0, owner.lastIndexOf('.') + 1) + "org_id";
    }
}
