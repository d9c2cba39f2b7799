package io.tributary.sink.output;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Locks the user integrations and runs of a batch until the end of the transaction.
 *
 * <p>While it holds them nobody else writes their content or counts their outputs: a sink that lost its partition and
 * does not know yet waits here, and then finds its records applied. User integrations are locked before runs, each in
 * the order of their ids, so that two sinks never wait for each other. The locks let readers, and rows that refer to
 * these, pass.
 */
final class LockRuns {

    private static final String LOCK_USER_INTEGRATIONS = """
            select id, sync_status, poll_interval_minutes, %s
              from user_integration where id = any(?) order by id
               for no key update""".formatted(Schedule.COLUMNS);

    private static final String LOCK_RUNS = """
            select id, sequence, user_integration_id, sync_type, own_schedule, created_at, trigger, sink_offset,
                   outputs_saved,
                   finished_at is not null as finished,
                   %s as beside_older
              from sync_run r where id = any(?) order by id
               for no key update of r""";

    /**
     * An older run is still going, or has deletions to mark; or a replay into this table is going, which may bring what
     * any older one said.
     */
    private static final String LIVE = LOCK_RUNS.formatted("""
            exists (select from sync_run older
                            where older.user_integration_id = r.user_integration_id
                              and older.sequence < r.sequence and older.finished_at is null)
                   or exists (select from pending_deletion d where d.user_integration_id = r.user_integration_id)
                   or exists (select from replay p
                               where p.finished_at is null and p.kind = 'outputs' and p.target_schema is null
                                 and (p.user_integration_id is null
                                      or p.user_integration_id = r.user_integration_id))""");

    /** An older run has records behind the first of this one's here: those are still to come again. */
    private static final String REPLAYED = LOCK_RUNS.formatted("""
            exists (select from sync_run older
                            where older.user_integration_id = r.user_integration_id and older.sequence < r.sequence
                              and (older.finished_at is null
                                   or older.sink_offset > (select first from unnest(?, ?) as here (run, first)
                                                            where run = r.id)))""");

    private final JdbcClient jdbc;

    LockRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The runs by id. One that is gone, or whose user integration is, is missing. */
    Map<UUID, Run> of(Collection<? extends RunRecord> records) {
        return locked(records, runs -> jdbc.sql(LIVE).param(runs));
    }

    /** The same for records of one partition that are read again. */
    Map<UUID, Run> ofReplayed(Collection<? extends RunRecord> records) {
        Map<UUID, Long> first = new LinkedHashMap<>();
        records.forEach(record -> first.putIfAbsent(record.runId(), record.offset()));
        return locked(
                records,
                runs -> jdbc.sql(REPLAYED)
                        .param(new SqlArrayValue("uuid", first.keySet().toArray()))
                        .param(new SqlArrayValue("bigint", first.values().toArray()))
                        .param(runs));
    }

    private Map<UUID, Run> locked(
            Collection<? extends RunRecord> records, Function<SqlArrayValue, StatementSpec> lockRuns) {
        Map<UUID, UserIntegration> userIntegrations = new HashMap<>();
        jdbc.sql(LOCK_USER_INTEGRATIONS)
                .param(distinct(records, RunRecord::userIntegrationId))
                .query((row, n) -> userIntegration(row))
                .list()
                .forEach(locked -> userIntegrations.put(locked.id(), locked));

        Map<UUID, Run> runs = new HashMap<>();
        lockRuns.apply(distinct(records, RunRecord::runId)).query(row -> {
            UserIntegration of = userIntegrations.get(row.getObject("user_integration_id", UUID.class));
            if (of != null) {
                Run locked = run(row, of);
                runs.put(locked.id(), locked);
            }
        });
        return runs;
    }

    private static SqlArrayValue distinct(Collection<? extends RunRecord> records, Function<RunRecord, UUID> id) {
        return new SqlArrayValue("uuid", records.stream().map(id).distinct().toArray());
    }

    private static UserIntegration userIntegration(ResultSet row) throws SQLException {
        return new UserIntegration(
                row.getObject("id", UUID.class),
                row.getString("sync_status"),
                Schedule.read(Duration.ofMinutes(row.getInt("poll_interval_minutes")), row));
    }

    private static Run run(ResultSet row, UserIntegration userIntegration) throws SQLException {
        return new Run(
                row.getObject("id", UUID.class),
                row.getLong("sequence"),
                userIntegration,
                row.getString("sync_type"),
                row.getBoolean("own_schedule"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("trigger"),
                row.getLong("sink_offset"),
                row.getLong("outputs_saved"),
                row.getBoolean("finished"),
                row.getBoolean("beside_older"));
    }
}
