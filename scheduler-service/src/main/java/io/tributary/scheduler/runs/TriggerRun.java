package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest.SyncType;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.polling.Outbox;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
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
 * Starts a run because someone asked for it: now, whatever the schedule says, also when polling is paused. A run that is
 * live already is what they asked for. A range makes a backfill, which goes beside the live run.
 */
@Component
public class TriggerRun {

    /** What a trigger came to: the run, and whether it was there before. */
    public record Triggered(UUID runId, boolean alreadyRunning) {}

    private static final String FIND_LIVE = """
        select id from sync_run
        where user_integration_id = :id and sync_type = :syncType and finished_at is null
          and trigger not in ('backfill', 'replay', 'system')
        order by sequence limit 1
        """;

    private static final String FIND_LIVE_BACKFILL = """
        select id from sync_run
        where user_integration_id = :id and finished_at is null and trigger = 'backfill' and sync_type = :syncType
          and options = :options::jsonb
        order by sequence limit 1
        """;

    private static final String QUEUE = """
        insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, own_schedule, trigger, options,
                              created_at)
        values (:id, :userId, :domain, :syncType, :ownSchedule, :trigger, :options::jsonb, :now)
        returning id
        """;

    // As for a scheduled run: it is due again when this one has completed.
    private static final String UNDER_WAY = "update user_integration set next_sync_at = null where id = :id";

    // A cycle that has the row in hand is waited for: then its run is seen.
    private static final String UNDER_WAY_OWN = """
        update sync_schedule set next_sync_at = null where user_integration_id = :id and sync_type = :syncType
        """;

    private record Target(
            UUID id,
            String userId,
            String domain,
            String syncStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage) {}

    /** @param ownSchedule whether it has a schedule and a state of its own: it is not the default one */
    private record Asked(Target target, String syncType, boolean ownSchedule, String options) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final Outbox outbox;
    private final Pauses pauses;
    private final Clock clock;

    TriggerRun(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            Outbox outbox,
            Pauses pauses,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.outbox = outbox;
        this.pauses = pauses;
        this.clock = clock;
    }

    /**
     * Queues a run and has it dispatched at once. Called again while it is live, it answers with the same run.
     *
     * @throws ApiException when there is no such user integration, it cannot run as it is, or the options are invalid
     */
    public Triggered trigger(UUID userIntegrationId, RunOptions options, Caller caller) {
        return trigger(userIntegrationId, null, options, caller);
    }

    /** The same for a sync type; null: the default one. */
    public Triggered trigger(UUID userIntegrationId, @Nullable String syncType, RunOptions options, Caller caller) {
        var violations = new Violations();
        String optionsJson = options.toJson(violations);
        violations.throwIfAny();
        var triggered = Objects.requireNonNull(transaction.execute(_ -> {
            Target target = lock(userIntegrationId, caller);
            refuseStopped(target);
            pauses.refusePaused(target.id(), target.domain());
            Asked asked = asked(target, syncType, optionsJson);
            return options.isBackfill() ? backfill(asked) : manual(asked);
        }));
        if (!triggered.alreadyRunning()) {
            outbox.dispatchSoon(List.of(triggered.runId()));
        }
        return triggered;
    }

    // The lock makes triggers of one user integration wait for each other, and the polling cycle pass it by.
    private Target lock(UUID id, Caller caller) {
        return jdbc.sql("""
                select id, user_id, integration_domain, sync_status, error_code, error_message
                from user_integration
                where id = :id and %s
                for no key update
                """.formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> target(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    private static void refuseStopped(Target target) {
        String remedy = switch (target.syncStatus()) {
            case "expired" -> "Connect the account again: PATCH its credentials.";
            case "error" -> "Correct it: PATCH its config, or its syncStatus to active to try as it is.";
            default -> null;
        };
        if (remedy != null) {
            String code = target.errorCode() == null ? "polling." + target.syncStatus() : target.errorCode();
            String cause = target.errorMessage() == null ? "" : target.errorMessage() + " ";
            throw new ApiException(Problem.of(HttpStatus.CONFLICT, code, cause + remedy));
        }
    }

    private Asked asked(Target target, @Nullable String syncType, String options) {
        var manifest = manifests.require(target.domain());
        String byDefault = manifest.defaultSyncType().name();
        if (syncType == null || syncType.equals(byDefault)) {
            return new Asked(target, byDefault, false, options);
        }
        var names = manifest.syncTypes().stream().map(SyncType::name).toList();
        var violations = new Violations();
        violations.check(
                names.contains(syncType),
                "/syncType",
                "is none of " + target.domain() + ": " + String.join(", ", names));
        violations.throwIfAny();
        return new Asked(target, syncType, true, options);
    }

    private Triggered manual(Asked asked) {
        UUID id = asked.target().id();
        if (asked.ownSchedule()) {
            jdbc.sql(UNDER_WAY_OWN)
                    .param("id", id)
                    .param("syncType", asked.syncType())
                    .update();
        }
        var live = jdbc.sql(FIND_LIVE)
                .param("id", id)
                .param("syncType", asked.syncType())
                .query(UUID.class)
                .optional();
        if (live.isPresent()) {
            return new Triggered(live.get(), true);
        }
        UUID runId = queue(asked, "manual");
        if (!asked.ownSchedule()) {
            jdbc.sql(UNDER_WAY).param("id", id).update();
        }
        return new Triggered(runId, false);
    }

    private Triggered backfill(Asked asked) {
        Optional<UUID> same = jdbc.sql(FIND_LIVE_BACKFILL)
                .param("id", asked.target().id())
                .param("syncType", asked.syncType())
                .param("options", asked.options())
                .query(UUID.class)
                .optional();
        return same.map(runId -> new Triggered(runId, true))
                .orElseGet(() -> new Triggered(queue(asked, "backfill"), false));
    }

    private UUID queue(Asked asked, String trigger) {
        return jdbc.sql(QUEUE)
                .param("id", asked.target().id())
                .param("userId", asked.target().userId())
                .param("domain", asked.target().domain())
                .param("syncType", asked.syncType())
                .param("ownSchedule", asked.ownSchedule())
                .param("trigger", trigger)
                .param("options", asked.options())
                .param("now", SqlTime.of(clock.instant()))
                .query(UUID.class)
                .single();
    }

    private static Target target(ResultSet row) throws SQLException {
        return new Target(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                row.getString("integration_domain"),
                row.getString("sync_status"),
                row.getString("error_code"),
                row.getString("error_message"));
    }
}
