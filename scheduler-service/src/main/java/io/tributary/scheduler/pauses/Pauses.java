package io.tributary.scheduler.pauses;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.PauseName.Everything;
import io.tributary.scheduler.pauses.PauseName.One;
import io.tributary.scheduler.pauses.PauseName.Platform;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Pauses and resumes a user integration, a platform, everything, or one backfill: the scheduler makes and dispatches no runs of it, and
 * the workers start none of its tasks; what executes comes to its end.
 *
 * <p>For an operator a platform is one pause, whatever is connected to it, now or later. For a user it stands for their
 * own user integrations, each of which is paused. What an operator paused, only operators resume.
 */
@Component
public class Pauses {

    /** Names in a list of pauses at most. */
    private static final int MAX_LISTED = 1_000;

    private static final String PAUSE_AS_A_WHOLE = """
        insert into sync_pause (name, kind, asked_by, by_operator, created_at)
        values (:name, :kind, :caller, true, :now)
        on conflict (name) do nothing
        """;

    private static final String PAUSE_EACH = """
        with chosen as (
          select id from user_integration where %s and %s order by id for no key update
        ), paused as (
          insert into sync_pause (name, kind, user_integration_id, asked_by, by_operator, created_at)
          select id::text, 'user_integration', id, :caller, :operator, :now from chosen
          on conflict (name) do update set by_operator = sync_pause.by_operator or excluded.by_operator
        ), stopped as (
          update user_integration i
          set sync_status = 'paused', next_sync_at = null, updated_at = :now, version = version + 1
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
          set sync_status = 'active', next_sync_at = :now, updated_at = :now, version = version + 1
          from chosen where i.id = chosen.id and i.sync_status = 'paused'
        ), commanded as (
          insert into worker_command (user_integration_id, command, created_at)
          select id, 'resume', :now from chosen
        )
        select count(*) from chosen
        """;

    private static final String FIND = """
        select name from sync_pause
        where name in ('all', :domain, :id::uuid::text)
        order by kind limit 1
        """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final CommandWorkers commandWorkers;
    private final PauseBackfill pauseBackfill;
    private final Clock clock;

    Pauses(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            CommandWorkers commandWorkers,
            PauseBackfill pauseBackfill,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.commandWorkers = commandWorkers;
        this.pauseBackfill = pauseBackfill;
        this.clock = clock;
    }

    /**
     * What a pause or its end came to.
     *
     * @param userIntegrations how many it is of, each on its own, 0 for a backfill; null: all that there are, now and later
     */
    public record Changed(
            String name, boolean paused, @Nullable Long userIntegrations) {}

    /** Pauses; what is paused already stays so. */
    public Changed pause(String name, Caller caller) {
        return switch (PauseName.parse(name)) {
            case Everything() when caller.operator() -> pauseAsAWhole(name, "everything", caller);
            case Platform(var domain) when caller.operator() -> pauseAsAWhole(require(domain), "platform", caller);
            case Everything() -> new Changed(name, true, each(PAUSE_EACH, "true", null, null, caller));
            case Platform(var domain) -> new Changed(name, true, ofPlatform(PAUSE_EACH, domain, caller));
            case One(var id) when each(PAUSE_EACH, "id = :id", id, null, caller) > 0 -> new Changed(name, true, 1L);
            case One(var run) -> {
                pauseBackfill.pause(run, caller);
                yield new Changed(name, true, 0L);
            }
        };
    }

    /** Resumes; what is not paused stays so. Resumed user integrations are due at once. */
    public Changed resume(String name, Caller caller) {
        return switch (PauseName.parse(name)) {
            case Everything() when caller.operator() -> resumeAsAWhole(name);
            case Platform(var domain) when caller.operator() -> resumeAsAWhole(domain); // of one that is gone, too
            case Everything() -> new Changed(name, false, each(RESUME_EACH, "true", null, null, caller));
            case Platform(var domain) -> new Changed(name, false, ofPlatform(RESUME_EACH, domain, caller));
            case One(var id)
            when exists(id, caller) -> {
                resumeOne(id, caller);
                yield new Changed(name, false, 1L);
            }
            case One(var run) -> {
                pauseBackfill.resume(run, caller);
                yield new Changed(name, false, 0L);
            }
        };
    }

    /**
     * Ends the pause of a user integration that is set active, if it has one.
     *
     * @throws ApiException when an operator paused it and the caller is none
     */
    public void releaseIfPaused(UUID id, Caller caller) {
        long paused = jdbc.sql("select count(*) from sync_pause where name = :id::uuid::text")
                .param("id", id)
                .query(Long.class)
                .single();
        if (paused > 0) {
            resumeOne(id, caller);
        }
    }

    private void resumeOne(UUID id, Caller caller) {
        if (each(RESUME_EACH, "id = :id", id, null, caller) == 0) {
            throw pausedByOperator();
        }
    }

    static ApiException pausedByOperator() {
        return new ApiException(Problem.of(
                HttpStatus.CONFLICT, "polling.pausedByOperator", "An operator paused this: ask them to resume it."));
    }

    /** @throws ApiException when something paused the user integration: nothing of it may be started */
    public void refusePaused(UUID id, String domain) {
        find(id, domain).ifPresent(name -> {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "polling.paused",
                    "Nothing is started while '" + name + "' is paused: POST /sync/resume/" + name + " first."));
        });
    }

    private Optional<String> find(UUID id, String domain) {
        return jdbc.sql(FIND)
                .param("id", id)
                .param("domain", domain)
                .query(String.class)
                .optional();
    }

    /** What is paused, as far as it concerns the caller: as a whole, or one of their own; 1,000 at most. */
    public List<String> names(Caller caller) {
        return jdbc.sql("""
            select p.name from sync_pause p
            left join user_integration i on i.id = p.user_integration_id
            where p.user_integration_id is null or %s
            order by p.kind, p.name limit :limit
            """.formatted(caller.ownRows("i.user_id")))
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", MAX_LISTED)
                .query(String.class)
                .list();
    }

    private Changed pauseAsAWhole(String name, String kind, Caller caller) {
        jdbc.sql(PAUSE_AS_A_WHOLE)
                .param("name", name)
                .param("kind", kind)
                .param(Caller.PARAMETER, caller.userId())
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return new Changed(name, true, null);
    }

    private Changed resumeAsAWhole(String name) {
        jdbc.sql("delete from sync_pause where name = :name and user_integration_id is null")
                .param("name", name)
                .update();
        return new Changed(name, false, null);
    }

    private long ofPlatform(String statement, String domain, Caller caller) {
        return each(statement, "integration_domain = :domain", null, require(domain), caller);
    }

    private long each(String statement, String which, @Nullable UUID id, @Nullable String domain, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            long found = jdbc.sql(statement.formatted(which, caller.ownRows("user_id")))
                    .param("id", id)
                    .param("domain", domain)
                    .param(Caller.PARAMETER, caller.userId())
                    .param("operator", caller.operator())
                    .param("now", SqlTime.of(clock.instant()))
                    .query(Long.class)
                    .single();
            commandWorkers.sendSoon();
            return found;
        }));
    }

    private boolean exists(UUID id, Caller caller) {
        return jdbc.sql("select count(*) from user_integration where id = :id and " + caller.ownRows("user_id"))
                        .param("id", id)
                        .param(Caller.PARAMETER, caller.userId())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private String require(String domain) {
        if (manifests.find(domain).isEmpty()) {
            throw new ApiException(
                    Problem.of(HttpStatus.NOT_FOUND, Manifests.UNKNOWN, manifests.explainUnknown(domain)));
        }
        return domain;
    }
}
