package io.tributary.sink.output;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.output.RunRecord.Progress;
import io.tributary.sink.postgres.StorableText;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Moves runs forward by what a batch holds of them: what was saved, up to which offset, and where the worker says they
 * stand. One update a run and batch, however many progress records there are.
 *
 * <p>A run goes {@code queued -> running -> ended} and never back; of an ended one only counters still grow.
 */
final class AdvanceRuns {

    private static final Logger log = LoggerFactory.getLogger(AdvanceRuns.class);

    private static final String ADVANCE = """
        update sync_run
           set outputs_saved = outputs_saved + :saved,
               rows_inserted = rows_inserted + :inserted,
               rows_updated = rows_updated + :updated,
               rows_unchanged = rows_unchanged + :unchanged,
               sink_offset = :offset,
               spawned = greatest(spawned, :spawned),
               completed = greatest(completed, :completed),
               failed = greatest(failed, :failed),
               outputs = greatest(outputs, :outputs),
               executing = case when :progressed then :executing else executing end,
               throttled_until = case when :progressed then cast(:throttledUntil as timestamptz)
                                      else throttled_until end,
               throttled_reason = case when :progressed then :throttledReason else throttled_reason end,
               error_code = case when :progressed then :errorCode else error_code end,
               error_message = case when :progressed then :errorMessage else error_message end,
               started_at = coalesce(started_at, cast(:startedAt as timestamptz)),
               progress_at = greatest(progress_at, cast(:progressAt as timestamptz)),
               status = case when finished_at is null then :status else status end,
               finished_at = coalesce(finished_at, cast(:finishedAt as timestamptz))
         where id = :id\
        """;

    private final NamedParameterJdbcTemplate jdbc;

    AdvanceRuns(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Within the transaction that locked the runs.
     *
     * @param counts what became of the outputs, by run
     */
    void advance(List<RunBatch> batches, Map<UUID, RowCounts> counts) {
        jdbc.batchUpdate(
                ADVANCE,
                batches.stream()
                        .map(batch ->
                                advanced(batch, counts.getOrDefault(batch.run().id(), RowCounts.NONE)))
                        .toArray(SqlParameterSource[]::new));
    }

    private static SqlParameterSource advanced(RunBatch batch, RowCounts rows) {
        var parameters = new MapSqlParameterSource()
                .addValue("id", batch.run().id())
                .addValue("saved", rows.outputs())
                .addValue("inserted", rows.inserted())
                .addValue("updated", rows.updated())
                .addValue("unchanged", rows.unchanged())
                .addValue("offset", batch.lastOffset())
                .addValue("startedAt", utc(batch.firstSentAt()));
        Progress progress = batch.progress().orElse(null);
        return progress == null ? stillRunning(parameters) : progressed(parameters, batch.run(), progress);
    }

    private static SqlParameterSource stillRunning(MapSqlParameterSource parameters) {
        return parameters
                .addValue("progressed", false)
                .addValue("spawned", 0)
                .addValue("completed", 0)
                .addValue("failed", 0)
                .addValue("outputs", 0)
                .addValue("executing", 0)
                .addValue("throttledUntil", null)
                .addValue("throttledReason", null)
                .addValue("errorCode", null)
                .addValue("errorMessage", null)
                .addValue("progressAt", null)
                .addValue("status", RunStatus.running.name())
                .addValue("finishedAt", null);
    }

    private static SqlParameterSource progressed(MapSqlParameterSource parameters, Run run, Progress received) {
        RunProgress progress = received.progress();
        RunError error = progress.getError();
        boolean ends = received.isFinal();
        if (progress.getStatus() == RunStatus.unknown) {
            log.error(
                    "sink.statusUnknown: a newer worker said how a run stands, and this sink cannot tell what it means;"
                            + " the run goes on for it runId={} userIntegrationId={} offset={}",
                    run.id(),
                    run.userIntegration().id(),
                    received.offset());
        }
        return parameters
                .addValue("progressed", true)
                .addValue("spawned", progress.getSpawned())
                .addValue("completed", progress.getCompleted())
                .addValue("failed", progress.getFailed())
                .addValue("outputs", progress.getOutputs())
                .addValue("executing", ends ? 0 : progress.getExecuting())
                .addValue("throttledUntil", ends ? null : utc(progress.getThrottledUntil()))
                .addValue("throttledReason", ends ? null : text(progress.getThrottledReason()))
                .addValue("errorCode", error == null ? null : text(error.getCode()))
                .addValue("errorMessage", error == null ? null : text(error.getMessage()))
                .addValue("progressAt", utc(progress.getAt()))
                .addValue("status", (ends ? progress.getStatus() : RunStatus.running).name())
                .addValue("finishedAt", ends ? utc(progress.getAt()) : null);
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null ? null : StorableText.of(text);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
