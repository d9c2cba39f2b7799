package io.tributary.sink.output;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
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
            select id, sync_status, poll_interval_minutes, schedule_cron
              from user_integration where id = any(?) order by id
               for no key update""";

    private static final String LOCK_RUNS = """
            select id, sequence, user_integration_id, sync_type, trigger, sink_offset, outputs_saved,
                   finished_at is not null as finished,
                   exists (select from sync_run older
                            where older.user_integration_id = r.user_integration_id
                              and older.sequence < r.sequence and older.finished_at is null) as beside_older
              from sync_run r where id = any(?) order by id
               for no key update of r""";

    private final JdbcClient jdbc;

    LockRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The runs by id. One that is gone, or whose user integration is, is missing. */
    Map<UUID, Run> of(Collection<RunRecord> records) {
        Map<UUID, UserIntegration> userIntegrations = new HashMap<>();
        jdbc.sql(LOCK_USER_INTEGRATIONS)
                .param(distinct(records, RunRecord::userIntegrationId))
                .query((row, n) -> userIntegration(row))
                .list()
                .forEach(locked -> userIntegrations.put(locked.id(), locked));

        Map<UUID, Run> runs = new HashMap<>();
        jdbc.sql(LOCK_RUNS).param(distinct(records, RunRecord::runId)).query(row -> {
            UserIntegration of = userIntegrations.get(row.getObject("user_integration_id", UUID.class));
            if (of != null) {
                Run locked = run(row, of);
                runs.put(locked.id(), locked);
            }
        });
        return runs;
    }

    private static SqlArrayValue distinct(Collection<RunRecord> records, Function<RunRecord, UUID> id) {
        return new SqlArrayValue("uuid", records.stream().map(id).distinct().toArray());
    }

    private static UserIntegration userIntegration(ResultSet row) throws SQLException {
        return new UserIntegration(
                row.getObject("id", UUID.class),
                row.getString("sync_status"),
                row.getInt("poll_interval_minutes"),
                row.getString("schedule_cron"));
    }

    private static Run run(ResultSet row, UserIntegration userIntegration) throws SQLException {
        return new Run(
                row.getObject("id", UUID.class),
                row.getLong("sequence"),
                userIntegration,
                row.getString("sync_type"),
                row.getString("trigger"),
                row.getLong("sink_offset"),
                row.getLong("outputs_saved"),
                row.getBoolean("finished"),
                row.getBoolean("beside_older"));
    }
}
