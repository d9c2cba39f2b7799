package io.tributary.sink.completion;

import io.tributary.schedule.Schedule;
import io.tributary.schedule.ScheduleRow;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import io.tributary.sink.completion.Completion.AccountRejected;
import io.tributary.sink.completion.Completion.Concurrent;
import io.tributary.sink.completion.Completion.Incomplete;
import io.tributary.sink.completion.Completion.Succeeded;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.telemetry.LoggedTrace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the end of runs to their accounts and to the schedules of their sync types, in the transaction that saves the
 * last outputs before the new cursor.
 */
public record CompleteRuns(Postgres postgres, RandomGenerator random) {

    private static final Logger log = LoggerFactory.getLogger(CompleteRuns.class);

    private static final String LOCK_SCHEDULES = """
        select user_integration_id, sync_type, is_default, failures, now() as now, %s
          from sync_schedule s
         where (user_integration_id, sync_type) in (select * from unnest(?, ?))
         order by user_integration_id, sync_type
           for no key update\
        """.formatted(ScheduleRow.COLUMNS);

    /**
     * The first statement: a trigger stops or starts the schedules of an account whose status changes. A run that was
     * queued before the account got its present config and credentials says nothing about them. Most runs succeed on an
     * account that works already, and write nothing here.
     */
    private static final String SET_STATUS = """
        update user_integration
           set sync_status = case when sync_status = 'paused' then sync_status else :syncStatus end,
               error_code = :errorCode, error_message = :errorMessage, updated_at = now()
         where id = :userIntegrationId
           and (access_changed_at is null or access_changed_at <= cast(:queuedAt as timestamptz))
           and (sync_status not in ('paused', :syncStatus) or error_code is distinct from :errorCode
                or error_message is distinct from :errorMessage)\
        """;

    /** If a newer run of the same sync type has moved the cursor already, an older run must not move it back. */
    private static final String ADVANCE = """
        update sync_schedule s
           set sync_state = case
                 when cast(:cursor as jsonb) is null or exists (
                   select from sync_run newer
                    where newer.user_integration_id = s.user_integration_id and newer.sequence > :sequence
                      and newer.sync_type = s.sync_type and newer.status = 'succeeded' and newer.exclusive)
                 then s.sync_state else cast(:cursor as jsonb) end,
               last_sync_at = case when :synced then greatest(s.last_sync_at, now()) else s.last_sync_at end,
               failures = :failures,
               next_sync_at = case when i.sync_status = 'active' then cast(:nextSyncAt as timestamptz) end
          from user_integration i
         where i.id = s.user_integration_id
           and s.user_integration_id = :userIntegrationId and s.sync_type = :syncType\
        """;

    /** A function of the database, since a sink may neither read nor write the config. */
    private static final String SAVE_ACCOUNT =
            "select save_account(:userIntegrationId, :accountId, :name, cast(:settings as jsonb))::text";

    /**
     * Within the transaction that locked and advanced the runs.
     *
     * @param counts the effect of the outputs, by run
     */
    public void complete(List<RunBatch> batches, Map<UUID, RowCounts> counts) {
        List<RunBatch> ended = batches.stream()
                .filter(batch -> batch.completion().isPresent())
                .sorted(Comparator.comparingLong(batch -> batch.run().sequence()))
                .toList();
        if (ended.isEmpty()) {
            return;
        }
        Map<SyncType, Locked> schedules = lockSchedules(ended);
        List<Status> statuses = new ArrayList<>();
        List<Advance> advances = new ArrayList<>();
        for (RunBatch batch : ended) {
            Run run = batch.run();
            Locked schedule = schedules.get(SyncType.of(run));
            switch (Completion.of(run, end(batch))) {
                case Succeeded it -> {
                    if (schedule != null && schedule.isDefault()) {
                        statuses.add(new Status(run.userIntegrationId(), run.createdAt(), "active", null, null));
                    }
                    advances.add(Advance.of(run, it.cursor(), true, nextSyncAt(schedule, run, 0), 0));
                }
                case Incomplete it -> {
                    int failures = it.failed() && schedule != null ? schedule.failures() + 1 : 0;
                    Instant next = nextSyncAt(schedule, run, failures);
                    advances.add(Advance.of(run, it.cursor(), it.synced(), next, failures));
                }
                case AccountRejected it -> {
                    statuses.add(Status.of(run, it));
                    if (run.exclusive()) {
                        // Without a next time where the rejection has just stopped the account.
                        advances.add(Advance.of(run, null, it.synced(), nextSyncAt(schedule, run, 0), 0));
                    }
                }
                case Concurrent() -> {}
            }
        }
        postgres.batch(SET_STATUS, statuses);
        postgres.batch(ADVANCE, advances);
        new SaveHealth(postgres).save(ended);
        ended.forEach(this::saveAccount);
        Map<UUID, Instant> next = new HashMap<>();
        for (Advance advance : advances) {
            if (advance.nextSyncAt() != null) {
                next.put(advance.runId(), advance.nextSyncAt());
            }
        }
        for (RunBatch batch : ended) {
            Run run = batch.run();
            try (var _ = new LoggedTrace(run.traceparent())) {
                report(batch, counts.getOrDefault(run.id(), RowCounts.NONE), next.get(run.id()));
            }
        }
    }

    /** The schedules of the exclusive runs. A schedule that was deleted meanwhile is missing. */
    private Map<SyncType, Locked> lockSchedules(List<RunBatch> ended) {
        List<Run> runs =
                ended.stream().map(RunBatch::run).filter(Run::exclusive).toList();
        if (runs.isEmpty()) {
            return Map.of();
        }
        Map<SyncType, Locked> locked = new HashMap<>();
        postgres.sql(LOCK_SCHEDULES)
                .param(Postgres.array("uuid", runs, Run::userIntegrationId))
                .param(Postgres.array("text", runs, Run::syncType))
                .query(row -> {
                    locked.put(
                            new SyncType(row.getObject("user_integration_id", UUID.class), row.getString("sync_type")),
                            new Locked(
                                    row.getBoolean("is_default"),
                                    row.getInt("failures"),
                                    row.getTimestamp("now").toInstant(),
                                    ScheduleRow.read(row)));
                });
        return locked;
    }

    /**
     * Without pause windows: the scheduler postpones a time within a pause window.
     *
     * @param failures failed runs in a row, this one included
     */
    private @Nullable Instant nextSyncAt(@Nullable Locked locked, Run run, int failures) {
        if (locked == null) {
            return null;
        }
        Schedule schedule = locked.row()
                .schedule(
                        List.of(),
                        (column, value) -> log.error(
                                "sink.cronUnreadable: a column of the schedule cannot be read, a default replaces it"
                                        + " column={} value={} userIntegrationId={}",
                                column,
                                value,
                                run.userIntegrationId()));
        return failures == 0
                ? schedule.nextAfterRun(run.createdAt(), locked.now(), random)
                : schedule.nextAfterFailure(failures, locked.now(), random);
    }

    /** Stores the account at the provider, if a successful run has identified it. */
    private void saveAccount(RunBatch batch) {
        ProviderAccount account = end(batch).getAccount();
        if (account != null && end(batch).getStatus() == RunStatus.succeeded) {
            postgres.sql(SAVE_ACCOUNT, Account.of(batch.run(), account))
                    .query(String.class)
                    .optional();
        }
    }

    private static RunProgress end(RunBatch batch) {
        return batch.completion().orElseThrow().progress();
    }

    private static void report(RunBatch batch, RowCounts rows, @Nullable Instant nextSyncAt) {
        RunProgress end = end(batch);
        Run run = batch.run();
        long saved = run.outputsSaved() + rows.outputs();
        if (RunSums.of(end, saved).unsaved() == 0) {
            log.info(
                    "sink.runEnded: run ended status={} outputs={} nextSyncAt={} runId={} userIntegrationId={}",
                    end.getStatus(),
                    saved,
                    nextSyncAt,
                    run.id(),
                    run.userIntegrationId());
        } else {
            log.error(
                    "sink.outputsMissing: a run ended with other outputs than the worker counted status={} outputs={}"
                            + " outputsSaved={} runId={} userIntegrationId={} offset={}",
                    end.getStatus(),
                    end.getOutputs(),
                    saved,
                    run.id(),
                    run.userIntegrationId(),
                    batch.lastOffset());
        }
    }

    private record SyncType(UUID userIntegrationId, String name) {
        static SyncType of(Run run) {
            return new SyncType(run.userIntegrationId(), run.syncType());
        }
    }

    /**
     * @param failures failed runs in a row
     * @param now the time of the database, by which all times of runs and schedules go
     */
    private record Locked(boolean isDefault, int failures, Instant now, ScheduleRow row) {}

    private record Status(
            UUID userIntegrationId,
            Instant queuedAt,
            String syncStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage) {
        static Status of(Run run, AccountRejected rejected) {
            return new Status(
                    run.userIntegrationId(),
                    run.createdAt(),
                    rejected.syncStatus(),
                    StorableText.of(rejected.error().getCode()),
                    StorableText.of(rejected.error().getMessage()));
        }
    }

    private record Advance(
            UUID runId,
            UUID userIntegrationId,
            String syncType,
            long sequence,
            @Nullable String cursor,
            boolean synced,
            @Nullable Instant nextSyncAt,
            int failures) {
        static Advance of(
                Run run, @Nullable String cursor, boolean synced, @Nullable Instant nextSyncAt, int failures) {
            return new Advance(
                    run.id(),
                    run.userIntegrationId(),
                    run.syncType(),
                    run.sequence(),
                    cursor,
                    synced,
                    nextSyncAt,
                    failures);
        }
    }

    private record Account(
            UUID userIntegrationId,
            @Nullable String accountId,
            @Nullable String name,
            String settings) {
        static Account of(Run run, ProviderAccount account) {
            return new Account(
                    run.userIntegrationId(),
                    StorableText.ofNullable(account.getId()),
                    StorableText.ofNullable(account.getDisplayName()),
                    StorableJson.parsed(account.getSettings()).orElse("{}"));
        }
    }
}
