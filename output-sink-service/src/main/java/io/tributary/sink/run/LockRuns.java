package io.tributary.sink.run;

import io.tributary.sink.postgres.Postgres;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Locks the user integrations and runs of a batch until the end of the transaction.
 *
 * <p>Meanwhile no other transaction writes their content or counts their outputs. A sink that has lost its partition
 * without noticing waits here, and then finds its records applied. User integrations are locked before runs, each in
 * the order of their ids, so that two sinks never wait for each other. The locks admit readers, and writes of rows that
 * refer to the locked ones.
 */
public record LockRuns(Postgres postgres) {

    private static final String LOCK_USER_INTEGRATIONS =
            "select id from user_integration where id = any(?) order by id for no key update";

    private static final String LOCK_RUNS = """
        select id, sequence, user_integration_id, integration_domain as domain, sync_type, exclusive, created_at,
               sink_offset, outputs_saved, traceparent, finished_at is not null as finished, %s as older_may_follow
          from sync_run r where id = any(?) order by id
           for no key update of r\
        """;

    /**
     * An older run is live, or has deletions to mark; or a replay into this table is running, which may write records
     * of any older run.
     */
    private static final String LIVE = LOCK_RUNS.formatted("""
        exists (select from sync_run older
                        where older.user_integration_id = r.user_integration_id
                          and older.sequence < r.sequence and older.finished_at is null)
               or exists (select from pending_deletion d where d.user_integration_id = r.user_integration_id)
               or exists (select from replay p
                           where p.finished_at is null and p.kind = 'outputs' and p.target_schema is null
                             and (p.user_integration_id is null
                                  or p.user_integration_id = r.user_integration_id))\
        """);

    /** An older run has records behind the first of this run's records here, and the replay has not read them yet. */
    private static final String REPLAYED = LOCK_RUNS.formatted("""
        exists (select from sync_run older
                        where older.user_integration_id = r.user_integration_id and older.sequence < r.sequence
                          and (older.finished_at is null
                               or older.sink_offset > (select first from unnest(?, ?) as here (run, first)
                                                        where run = r.id)))\
        """);

    /** Locks and returns the runs, by id, without deleted runs and those of deleted user integrations. */
    public Map<UUID, Run> of(Collection<? extends RunRecord> records) {
        return locked(records, runs -> postgres.sql(LIVE).param(runs));
    }

    /** As {@link #lock}, for records of one partition that a replay reads again. */
    public Map<UUID, Run> ofReplayed(Collection<? extends RunRecord> records) {
        Map<UUID, Long> first = new LinkedHashMap<>();
        records.forEach(record -> first.putIfAbsent(record.runId(), record.offset()));
        return locked(
                records,
                runs -> postgres.sql(REPLAYED)
                        .param(new SqlArrayValue("uuid", first.keySet().toArray()))
                        .param(new SqlArrayValue("bigint", first.values().toArray()))
                        .param(runs));
    }

    private Map<UUID, Run> locked(
            Collection<? extends RunRecord> records, Function<SqlArrayValue, StatementSpec> lockRuns) {
        Set<UUID> userIntegrations = new HashSet<>(postgres.sql(LOCK_USER_INTEGRATIONS)
                .param(distinct(records, RunRecord::userIntegrationId))
                .query(UUID.class)
                .list());
        return lockRuns.apply(distinct(records, RunRecord::runId)).query(Run.class).stream()
                .filter(run -> userIntegrations.contains(run.userIntegrationId()))
                .collect(Collectors.toMap(Run::id, Function.identity()));
    }

    private static SqlArrayValue distinct(Collection<? extends RunRecord> records, Function<RunRecord, UUID> id) {
        return new SqlArrayValue("uuid", records.stream().map(id).distinct().toArray());
    }
}
