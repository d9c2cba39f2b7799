package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table sync_pause: a row for each pause of everything, a platform, a user integration or a backfill. */
@Component
public record PauseTable(JdbcClient jdbc) {

    private static final String PAUSED = "exists (select from sync_pause p where p.name in ('all', %s))";

    // The index lists the integrations in order, each with its earliest due row first: so a paused platform with half a
    // million due accounts costs no more than any other.
    private static final String DUE_DOMAINS = """
        recursive integration (domain, due) as (
            (select integration_domain, %2$s from %1$s
              where %3$s
              order by integration_domain, %2$s limit 1)
            union all
            select next.integration_domain, next.%2$s
              from integration, lateral (
                select integration_domain, %2$s from %1$s
                 where %3$s and integration_domain > domain
                 order by integration_domain, %2$s limit 1) next),
        due_domain as (
            select domain, due from integration where due <= :now and not %4$s)
        """;

    /** The paused ones of {@code :domains}, with the seconds from their first pause to {@code :now}. */
    public static final String PAUSED_PLATFORMS = """
        select domain, 0 as number, extract(epoch from :now - min(created_at)) as seconds
        from unnest(:domains) as platform (domain) join sync_pause on name in ('all', domain)
        group by domain
        """;

    private static final String PAUSE_AS_A_WHOLE = """
        insert into sync_pause (name, kind, requested_by, by_operator, created_at)
        values (:name, :kind, :caller, true, :now)
        on conflict (name) do nothing
        """;

    private static final String PAUSE_EACH = """
        with chosen as (
          select id from user_integration where %s and %s order by id for no key update
        ), paused as (
          insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at)
          select id::text, 'user_integration', id, :caller, :operator, :now from chosen
          on conflict (name) do update set by_operator = sync_pause.by_operator or excluded.by_operator
        ), stopped as (
          update user_integration i
          set sync_status = 'paused', updated_at = :now, version = version + 1
          from chosen where i.id = chosen.id and i.sync_status = 'active'
        ), commanded as (
          insert into worker_command (user_integration_id, command, created_at)
          select id, 'pause', :now from chosen
        )
        select count(*) from chosen
        """;

    private static final String RESUME_EACH = """
        with chosen as (
          select id from user_integration i
          where %s and %s
            and (:operator or not exists (
              select from sync_pause p where p.name = i.id::text and p.by_operator))
          order by id for no key update
        ), resumed as (
          delete from sync_pause p using chosen where p.name = chosen.id::text
        ), started as (
          update user_integration i
          set sync_status = 'active', updated_at = :now, version = version + 1
          from chosen where i.id = chosen.id and i.sync_status = 'paused'
        ), commanded as (
          insert into worker_command (user_integration_id, command, created_at)
          select id, 'resume', :now from chosen
        )
        select count(*) from chosen
        """;

    private static final String PAUSE_BACKFILL = """
        insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at)
        values (:run::uuid::text, 'backfill', :userIntegrationId, :caller, :operator, :now)
        on conflict (name) do update set by_operator = sync_pause.by_operator or excluded.by_operator
        """;

    private static final String RESUME_BACKFILL = """
        with found as (
          select name, by_operator and not :operator as kept from sync_pause where name = :run::uuid::text for update
        ), resumed as (
          delete from sync_pause p using found where p.name = found.name and not found.kept
        )
        select coalesce((select not kept from found), true)
        """;

    private static final String FIND = """
        select name from sync_pause
        where name in ('all', :domain, :id::uuid::text)
        order by kind limit 1
        """;

    private static final String NAMES = """
        select p.name from sync_pause p
        left join user_integration i on i.id = p.user_integration_id
        where p.user_integration_id is null or %s
        order by p.kind, p.name limit :limit
        """;

    /**
     * SQL condition: everything, or one of the given names, is paused.
     *
     * @param names expressions of type text, such as a column with a platform's domain
     */
    public static String paused(String... names) {
        return PAUSED.formatted(String.join(", ", names));
    }

    /**
     * SQL that finds the name of a pause as {@link #paused}, and makes its end wait for the transaction.
     *
     * @param names as of {@link #paused}
     */
    static String locked(String... names) {
        return "select p.name from sync_pause p where p.name in ('all', %s) limit 1 for key share"
                .formatted(String.join(", ", names));
    }

    /**
     * SQL after {@code with}: the integrations with rows that are due at the parameter {@code now}, except paused ones,
     * as {@code due_domain (domain, due)}. It needs an index of integration_domain and {@code time} with the condition.
     *
     * @param time column with the time at which a row is due
     * @param condition of rows that may be due; it excludes those without a time
     */
    public static String dueDomains(String table, String time, String condition) {
        return DUE_DOMAINS.formatted(table, time, condition, paused("domain"));
    }

    /** Pauses a platform or everything, with all its present and later accounts. */
    public void pauseAsAWhole(String name, String kind, Caller caller, Instant now) {
        jdbc.sql(PAUSE_AS_A_WHOLE)
                .param("name", name)
                .param("kind", kind)
                .param(Caller.PARAMETER, caller.userId())
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Ends the pause of a platform or of everything. */
    public void resumeAsAWhole(String name) {
        jdbc.sql("delete from sync_pause where name = :name and user_integration_id is null")
                .param("name", name)
                .update();
    }

    /** User integrations of a caller: one, those of a platform, or all. */
    public record Which(@Nullable UUID id, @Nullable String domain) {

        /** All of the caller. */
        public static final Which ALL = new Which(null, null);

        private String condition() {
            return id != null ? "id = :id" : domain != null ? "integration_domain = :domain" : "true";
        }
    }

    /** Pauses user integrations one by one, and commands their workers; returns their number. */
    public long pauseEach(Which which, Caller caller, Instant now) {
        return each(PAUSE_EACH, which, caller, now);
    }

    /** Resumes user integrations, except those that only an operator may resume; returns their number. */
    public long resumeEach(Which which, Caller caller, Instant now) {
        return each(RESUME_EACH, which, caller, now);
    }

    private long each(String statement, Which which, Caller caller, Instant now) {
        return caller.statement(jdbc, statement.formatted(which.condition(), "%s"), "user_id")
                .param("id", which.id())
                .param("domain", which.domain())
                .param("operator", caller.operator())
                .param("now", SqlTime.of(now))
                .query(Long.class)
                .single();
    }

    /** Pauses a backfill that the caller has locked. */
    public void pauseBackfill(UUID run, UUID userIntegrationId, Caller caller, Instant now) {
        jdbc.sql(PAUSE_BACKFILL)
                .param("run", run)
                .param("userIntegrationId", userIntegrationId)
                .param(Caller.PARAMETER, caller.userId())
                .param("operator", caller.operator())
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Ends the pause, if any, of a backfill; false: an operator paused it, and the caller is not an operator. */
    public boolean resumeBackfill(UUID run, Caller caller) {
        return jdbc.sql(RESUME_BACKFILL)
                .param("run", run)
                .param("operator", caller.operator())
                .query(Boolean.class)
                .single();
    }

    /** The pause of a user integration, its platform or everything. */
    public Optional<String> find(UUID id, String domain) {
        return jdbc.sql(FIND)
                .param("id", id)
                .param("domain", domain)
                .query(String.class)
                .optional();
    }

    /** Whether a user integration is paused by itself. */
    public boolean has(UUID id) {
        return jdbc.sql("select count(*) from sync_pause where name = :id::uuid::text")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** The pauses that concern the caller. */
    public List<String> names(int limit, Caller caller) {
        return caller.statement(jdbc, NAMES, "i.user_id")
                .param("limit", limit)
                .query(String.class)
                .list();
    }
}
