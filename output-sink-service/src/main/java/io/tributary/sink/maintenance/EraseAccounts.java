package io.tributary.sink.maintenance;

import io.tributary.content.ContentStore;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases deleted accounts: their content, objects, runs, dead letters and requests, a batch at a time. The account's
 * own row left first, so nobody sees the others any more, no sink writes more of them, and no step waits for a sink.
 *
 * <p>Accounts take turns, so a large one does not delay a small one. An hour after the last row was deleted, a second
 * pass finds what a process wrote that had not noticed the deletion.
 *
 * @param store of large content; empty: there is none
 * @param rows rows or objects that one step deletes at most, 1 to 10,000
 */
public record EraseAccounts(Postgres postgres, Optional<ContentStore> store, Clock clock, Duration every, int rows)
        implements MaintenanceJob {

    private static final Logger log = LoggerFactory.getLogger(EraseAccounts.class);

    /** The stage behind those of the tables, however many these are. */
    private static final int OBJECTS = 1_000;

    private static final String NEXT = """
        select user_integration_id as id, stage, after_key, created_at, erased_at is not null as again
          from erasure where next_at <= now() order by next_at, user_integration_id limit 1\
        """;

    private static final String GO_ON = """
        update erasure set stage = :stage, after_key = :afterKey, next_at = clock_timestamp()
         where user_integration_id = :id\
        """;

    private static final String DONE = """
        update erasure
           set stage = 0, after_key = 0, erased_at = coalesce(erased_at, now()),
               next_at = case when erased_at is null then now() + interval '1 hour' end
         where user_integration_id = ?\
        """;

    private static final String POSTPONE =
            "update erasure set next_at = now() + interval '10 minutes' where user_integration_id = ?";

    /** The oldest dead letters on the topic are of this age; a replayed one must not be stored again. */
    private static final String FORGET = """
        delete from erasure
         where next_at is null and events_erased_at is not null and deleted_at < now() - interval '91 days'\
        """;

    /** Deletes rows of a table with an index by account and key; returns their number and the last key. */
    private static final String DELETE_BY_KEY = """
        with gone as (
          delete from %1$s where %2$s in (
            select %2$s from %1$s where user_integration_id = :id and %2$s > :after order by %2$s limit :rows)
          returning %2$s as key)
        select count(*) as rows, coalesce(max(key), 0) as last from gone\
        """;

    /** For tables with few rows of an account. */
    private static final String DELETE = """
        with gone as (
          delete from %1$s where ctid = any (array (
            select ctid from %1$s where user_integration_id = :id and :after >= 0 limit :rows))
          returning 1)
        select count(*) as rows, 0 as last from gone\
        """;

    /** For tables with a row for each figure or sum of a series of the account. */
    private static final String DELETE_OF_SERIES = """
        with picked as materialized (
          select t.series_id, t.%2$s as key from metric_series s join %1$s t on t.series_id = s.id
           where s.user_integration_id = :id and :after >= 0 limit :rows),
        gone as (
          delete from %1$s t using picked where t.series_id = picked.series_id and t.%2$s = picked.key returning 1)
        select least(count(*), :rows) as rows, 0 as last from gone\
        """;

    /** The failures of a run are many at times, so they leave before their run. */
    private static final String DELETE_FAILURES = """
        with gone as (
          delete from task_failure where id in (
            select f.id from sync_run r join task_failure f on f.run_id = r.id
             where r.user_integration_id = :id and :after >= 0 limit :rows)
          returning 1)
        select count(*) as rows, 0 as last from gone\
        """;

    @Override
    public String name() {
        return "erasure";
    }

    @Override
    public Step step(@Nullable String position) {
        Optional<Erasure> next =
                postgres.get(() -> postgres.sql(NEXT).query(Erasure.class).optional());
        if (next.isEmpty()) {
            postgres.run(() -> postgres.sql(FORGET).update());
            return new Step(null, 0);
        }
        return new Step("going on", erase(next.get()));
    }

    private long erase(Erasure erasure) {
        try {
            List<String> stages = postgres.get(this::stages);
            return erasure.stage() < stages.size()
                    ? postgres.get(() -> eraseRows(erasure, stages))
                    : eraseObjects(erasure);
        } catch (Rejected e) {
            log.error(
                    "sink.erasureFailed: an account cannot be erased, trying again in 10 minutes sqlState={}"
                            + " userIntegrationId={}",
                    e.sqlState(),
                    erasure.id(),
                    e);
            postgres.run(() -> postgres.sql(POSTPONE).param(erasure.id()).update());
            return 0;
        }
    }

    private long eraseRows(Erasure erasure, List<String> stages) {
        long left = rows;
        int stage = erasure.stage();
        long after = erasure.afterKey();
        while (stage < stages.size() && left > 0) {
            Deleted deleted = postgres.sql(stages.get(stage), new Part(erasure.id(), after, left))
                    .query(Deleted.class)
                    .single();
            boolean emptied = deleted.rows() < left;
            left -= deleted.rows();
            stage = emptied ? stage + 1 : stage;
            after = emptied ? 0 : deleted.last();
        }
        goOn(erasure, stage == stages.size() ? OBJECTS : stage, after);
        return rows - left;
    }

    private long eraseObjects(Erasure erasure) {
        long deleted = store.isEmpty()
                ? 0
                : EraseObjects.of(erasure.id(), erasure.createdAt(), clock.instant(), store.get(), rows);
        postgres.run(() -> {
            if (deleted == rows) {
                goOn(erasure, OBJECTS, 0);
            } else {
                postgres.sql(DONE).param(erasure.id()).update();
                log.info(
                        "sink.accountErased: account erased again={} userIntegrationId={}",
                        erasure.again(),
                        erasure.id());
            }
        });
        return deleted;
    }

    private void goOn(Erasure erasure, int stage, long after) {
        postgres.sql(GO_ON, new Progress(erasure.id(), stage, after)).update();
    }

    /** Each empties a table; a stage is its number. The tables of rebuilt content come last, since they come and go. */
    private List<String> stages() {
        List<String> stages = new ArrayList<>(List.of(
                DELETE_BY_KEY.formatted("user_integration_content", "id"),
                DELETE.formatted("pending_deletion"),
                DELETE_FAILURES,
                DELETE_BY_KEY.formatted("sync_run", "sequence"),
                DELETE.formatted("dead_letter"),
                DELETE.formatted("requested_run"),
                DELETE.formatted("one_off_task"),
                DELETE_OF_SERIES.formatted("metric_point", "at"),
                DELETE_OF_SERIES.formatted("metric_restatement", "id"),
                // Before the sums, as the job that computes them takes its locks.
                DELETE_OF_SERIES.formatted("metric_change", "day"),
                DELETE_OF_SERIES.formatted("metric_rollup", "bucket"),
                DELETE_BY_KEY.formatted("metric_series", "id"),
                DELETE.formatted("effect"),
                DELETE.formatted("requested_effect"),
                DELETE.formatted("notification_delivery")));
        FindReferences.rebuiltTables(postgres).forEach(table -> stages.add(DELETE_BY_KEY.formatted(table, "id")));
        return stages;
    }

    private record Erasure(UUID id, int stage, long afterKey, Instant createdAt, boolean again) {}

    private record Part(UUID id, long after, long rows) {}

    private record Deleted(long rows, long last) {}

    private record Progress(UUID id, int stage, long afterKey) {}
}
