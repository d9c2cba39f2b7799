package io.tributary.sink.output;

import io.tributary.schemas.RunProgress;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Does to user integrations what the end of their runs means, in the very transaction that saved the last of the outputs
 * the new cursor stands for.
 */
final class CompleteRuns {

    private static final Logger log = LoggerFactory.getLogger(CompleteRuns.class);

    /** A newer run of the same sync type that succeeded has moved the cursor already; an older one must not take it back. */
    private static final String COMPLETE = """
        update user_integration u
           set sync_state = case
                 when cast(:syncState as jsonb) is null or exists (
                   select from sync_run newer
                    where newer.user_integration_id = u.id and newer.sequence > :sequence
                      and newer.sync_type = :syncType and newer.status = 'succeeded'
                      and newer.trigger not in ('backfill', 'replay', 'system'))
                 then sync_state else cast(:syncState as jsonb) end,
               last_sync_at = greatest(last_sync_at, cast(:syncedAt as timestamptz)),
               next_sync_at = case
                 when not :reschedules then next_sync_at
                 when coalesce(:syncStatus, sync_status) in ('active', 'paused') then cast(:nextSyncAt as timestamptz)
               end,
               sync_status = case when sync_status = 'paused' then sync_status
                                  else coalesce(:syncStatus, sync_status) end,
               error_code = case when :setsError then :errorCode else error_code end,
               error_message = case when :setsError then :errorMessage else error_message end,
               updated_at = now()
         where id = :id\
        """;

    private final NamedParameterJdbcTemplate jdbc;
    private final NextSync nextSync;
    private final AdvanceSchedules advanceSchedules;
    private final SaveAccounts saveAccounts;
    private final Clock clock;

    CompleteRuns(NamedParameterJdbcTemplate jdbc, NextSync nextSync, Clock clock) {
        this.jdbc = jdbc;
        this.nextSync = nextSync;
        this.advanceSchedules = new AdvanceSchedules(jdbc, nextSync, clock);
        this.saveAccounts = new SaveAccounts(JdbcClient.create(jdbc.getJdbcOperations()));
        this.clock = clock;
    }

    /**
     * Within the transaction that locked and advanced the runs.
     *
     * @param counts what became of the outputs, by run
     */
    void complete(List<RunBatch> batches, Map<UUID, RowCounts> counts) {
        List<RunBatch> ended = batches.stream()
                .filter(batch -> batch.completion().isPresent())
                .sorted(Comparator.comparingLong(batch -> batch.run().sequence()))
                .toList();
        if (ended.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        var completions = ended.stream()
                .map(batch -> Completion.of(batch.run(), end(batch)))
                .toList();
        jdbc.batchUpdate(
                COMPLETE,
                completions.stream()
                        .flatMap(completion -> completion.ofUserIntegration().stream())
                        .map(completion -> parameters(completion, now))
                        .toArray(SqlParameterSource[]::new));
        completions.stream()
                .filter(completion -> completion.run().ownSchedule())
                .forEach(advanceSchedules::advance);
        saveAccounts.save(ended);
        ended.forEach(batch -> report(batch, counts.getOrDefault(batch.run().id(), RowCounts.NONE)));
    }

    private SqlParameterSource parameters(Completion completion, Instant now) {
        Run run = completion.run();
        return new MapSqlParameterSource()
                .addValue("id", run.userIntegration().id())
                .addValue("sequence", run.sequence())
                .addValue("syncType", run.syncType())
                .addValue("syncState", completion.syncState())
                .addValue("syncedAt", utc(completion.syncedAt()))
                .addValue("reschedules", completion.reschedules())
                .addValue(
                        "nextSyncAt",
                        utc(nextSync.after(
                                now,
                                run.createdAt(),
                                run.userIntegration().schedule(),
                                run.userIntegration().id())))
                .addValue("syncStatus", completion.syncStatus())
                .addValue("setsError", completion.setsError())
                .addValue("errorCode", completion.errorCode())
                .addValue("errorMessage", completion.errorMessage());
    }

    private static RunProgress end(RunBatch batch) {
        return batch.completion().orElseThrow().progress();
    }

    private static void report(RunBatch batch, RowCounts rows) {
        RunProgress end = end(batch);
        Run run = batch.run();
        long saved = run.outputsSaved() + rows.outputs();
        if (saved == end.getOutputs()) {
            log.info(
                    "run ended status={} outputs={} runId={} userIntegrationId={}",
                    end.getStatus(),
                    saved,
                    run.id(),
                    run.userIntegration().id());
        } else {
            log.error(
                    "sink.outputsMissing: a run ended with other outputs than the worker counted status={} outputs={}"
                            + " outputsSaved={} runId={} userIntegrationId={} offset={}",
                    end.getStatus(),
                    end.getOutputs(),
                    saved,
                    run.id(),
                    run.userIntegration().id(),
                    batch.lastOffset());
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
