package io.tributary.sink;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;

/** User integrations with a run each, whose outputs a test sends and then looks for. */
final class Workload {

    private final JdbcTemplate owner;
    private final List<Sync> syncs = new ArrayList<>();

    /** A run, and how many outputs of it were sent. */
    static final class Sync {

        private final UUID userIntegration;
        private final UUID run;
        private int sent;

        Sync(UUID userIntegration, UUID run) {
            this.userIntegration = userIntegration;
            this.run = run;
        }

        UUID userIntegration() {
            return userIntegration;
        }

        UUID run() {
            return run;
        }
    }

    Workload(SinkDatabase database, int userIntegrations) {
        this.owner = database.owner();
        for (int i = 0; i < userIntegrations; i++) {
            UUID userIntegration = id("insert into user_integration (user_id, integration_domain, name)"
                    + " values ('alice', 'imap', 'mail') returning id");
            syncs.add(new Sync(userIntegration, newRun(userIntegration)));
        }
    }

    List<Sync> syncs() {
        return syncs;
    }

    /** Sends outputs of every run, interleaved, with progress now and then. */
    void send(SinkTopics topics, int outputsEach) {
        for (int i = 0; i < outputsEach; i++) {
            for (Sync sync : syncs) {
                topics.output(sync.userIntegration, output(sync, "item " + sync.sent));
                sync.sent++;
                if (sync.sent % 100 == 0) {
                    topics.output(sync.userIntegration, progress(sync, RunStatus.running));
                }
            }
        }
        topics.flush();
    }

    /** Sends the progress that ends every run. */
    void end(SinkTopics topics) {
        syncs.forEach(sync -> topics.output(sync.userIntegration, progress(sync, RunStatus.succeeded)));
        topics.flush();
    }

    /** The worker counts an output that the test sent by itself. */
    static void countAsSent(Sync sync) {
        sync.sent++;
    }

    static Output output(Sync sync, String externalId) {
        return Output.newBuilder()
                .setRunId(sync.run)
                .setTaskId(sync.run)
                .setIndex(sync.sent)
                .setUserIntegrationId(sync.userIntegration)
                .setDomain("imap")
                .setKind(OutputKind.content)
                .setExternalId(externalId)
                .setExternalTimestamp(Instant.ofEpochSecond(1_700_000_000L + sync.sent))
                .setName(externalId)
                .setContent("content of " + externalId)
                .setMetadata("{\"number\": " + sync.sent + "}")
                .build();
    }

    /** A task of the run. */
    static Task task(Sync sync) {
        return Task.newBuilder()
                .setTaskId(UUID.randomUUID())
                .setRunId(sync.run)
                .setUserIntegrationId(sync.userIntegration)
                .setUserId("alice")
                .setDomain("imap")
                .setType("download")
                .setPayload("{\"uid\": 7}")
                .setOptions("{}")
                .setTrigger(Trigger.schedule)
                .setCreatedAt(Instant.ofEpochSecond(1_800_000_000L))
                .build();
    }

    static RunProgress progress(Sync sync, RunStatus status) {
        boolean ends = status != RunStatus.running;
        return RunProgress.newBuilder()
                .setRunId(sync.run)
                .setUserIntegrationId(sync.userIntegration)
                .setSpawned(sync.sent)
                .setCompleted(ends ? sync.sent + 1 : sync.sent)
                .setFailed(0)
                .setOutputs(sync.sent)
                .setStatus(status)
                .setSyncState(ends ? "{\"seen\": " + sync.sent + "}" : null)
                .setAt(Instant.ofEpochSecond(1_800_000_000L))
                .build();
    }

    int outputs() {
        return syncs.stream().mapToInt(sync -> sync.sent).sum();
    }

    /** Rows that say what was sent. */
    long rows() {
        return count("select count(*) from user_integration_content where content = 'content of ' || external_id"
                + " and user_integration_id = any(?)");
    }

    long finishedRuns() {
        return count("select count(*) from sync_run where finished_at is not null and user_integration_id = any(?)");
    }

    /** Runs whose proof holds: ended well, and every output in a row that was inserted once. */
    long provenRuns() {
        return count("select count(*) from sync_run r where status = 'succeeded' and completed = spawned + 1"
                + " and outputs = outputs_saved and rows_inserted = outputs and rows_updated = 0 and rows_unchanged = 0"
                + " and outputs = (select count(*) from user_integration_content c"
                + "                 where c.user_integration_id = r.user_integration_id)"
                + " and user_integration_id = any(?)");
    }

    /** User integrations whose cursor is that of all their outputs. */
    long advancedStates() {
        return count("select count(*) from user_integration u join sync_run r on r.user_integration_id = u.id"
                + " where (u.sync_state ->> 'seen')::bigint = r.outputs and u.id = any(?)");
    }

    /** Runs that ended before all their outputs were in Postgres; as of one snapshot. */
    long runsEndedEarly() {
        return count("select count(*) from sync_run r where finished_at is not null"
                + " and outputs > (select count(*) from user_integration_content c"
                + "                 where c.user_integration_id = r.user_integration_id)"
                + " and user_integration_id = any(?)");
    }

    /** All that the sink wrote, with the transactions that did: the same again means that nothing was written. */
    List<String> everything() {
        return owner.queryForList(
                "select row_to_json(r)::text || xmin from sync_run r where user_integration_id = any(?)"
                        + " union all select row_to_json(u)::text || xmin from user_integration u where id = any(?)"
                        + " union all select row_to_json(c)::text || xmin from user_integration_content c"
                        + "            where user_integration_id = any(?)"
                        + " order by 1",
                String.class,
                ids(),
                ids(),
                ids());
    }

    private UUID newRun(UUID userIntegration) {
        return id(
                "insert into sync_run (user_integration_id, user_id, integration_domain, trigger, dispatched_at)"
                        + " values (?, 'alice', 'imap', 'schedule', now()) returning id",
                userIntegration);
    }

    private long count(String sql) {
        return Objects.requireNonNull(owner.queryForObject(sql, Long.class, ids()));
    }

    private SqlArrayValue ids() {
        return new SqlArrayValue(
                "uuid", syncs.stream().map(Sync::userIntegration).toArray());
    }

    private UUID id(String sql, Object... parameters) {
        return Objects.requireNonNull(owner.queryForObject(sql, UUID.class, parameters));
    }

    /** Does not compress, so that it is as long in an index as it looks. */
    static String random(int length) {
        var text = new StringBuilder(length);
        new Random(7).ints(length, 'a', 'z').forEach(text::appendCodePoint);
        return text.toString();
    }
}
