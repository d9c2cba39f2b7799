package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are read again, on real Kafka, Postgres and schema registry. */
class ReplayIT extends SinkTest {

    private final long seed = Long.getLong("replay.seed", System.nanoTime());

    @Test
    void rebuildsATruncatedTableIdenticallyWhileALiveSyncGoesOn() {
        System.out.println("replay.seed=" + seed);
        var past = new History(database, topics, 8, new Random(seed));
        var plain = new History(database, topics, 8, new Random(seed + 1));
        var live = new History(database, topics, 8, new Random(seed + 2));
        try (var sink = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=50")) {
            past.sync(4, 120);
            plain.syncPlainly(3);
            plain.syncByListing(4);
            live.sync(2, 120);
            var rows = plain.rows();
            var rowsWithoutRuns = past.rowsWithoutRuns();
            var bookkeeping = past.bookkeeping();
            List<History.Sync> syncs = live.userIntegrations().stream()
                    .map(userIntegration -> live.begin(userIntegration, "schedule"))
                    .toList();
            say(syncs, 40);

            database.owner().execute("truncate user_integration_content");
            UUID replay = replay("outputs", null, null);
            while (database.count("select count(*) from replay where finished_at is not null") == 0) {
                say(syncs, 5);
            }
            syncs.forEach(History.Sync::end);
            topics.flush();

            await().atMost(PATIENCE).until(() -> live.unfinishedRuns() == 0);
            assertThat(status(replay)).isEqualTo("succeeded");
            assertThat(changed(rows, plain.rows())).isEmpty();
            assertThat(changed(rowsWithoutRuns, past.rowsWithoutRuns())).isEmpty();
            assertThat(changed(bookkeeping, past.bookkeeping())).isEmpty();
            assertThat(past.differences()).isEmpty();
            assertThat(live.differences()).isEmpty();
            assertThat(database.count("select count(*) from sync_run where outputs <> outputs_saved"))
                    .isZero();
        }
    }

    @Test
    void rebuildsAnotherSchemaIdenticallyBesideTheLiveOneThroughRestarts() {
        System.out.println("replay.seed=" + seed);
        var plain = new History(database, topics, 4, new Random(seed));
        var workload = new Workload(database, 4);
        try (var sink = RunningSink.start(database, topics, group)) {
            plain.syncPlainly(4);
            plain.syncByListing(3);
            workload.send(topics, 500);
            workload.end(topics);
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 4);
        }
        var live = rows("public", true);
        UUID replay = replay("outputs", null, null);
        database.owner().update("update replay set target_schema = 'rebuild_x' where id = ?", replay);

        int starts = 0;
        while (!status(replay).equals("succeeded")) {
            long before = database.count("select matched from replay");
            try (var sink = RunningSink.start(
                    database, topics, group, "--tributary.sink.batch-records=" + (starts < 2 ? 1 : 1_000))) {
                await().atMost(PATIENCE)
                        .until(() -> database.count("select matched from replay") > before + 200
                                || status(replay).equals("succeeded"));
            }
            starts++;
        }

        assertThat(starts).isGreaterThan(1);
        assertThat(checksum("rebuild_x")).isEqualTo(checksum("public"));
        assertThat(changed(rows("public", false), rows("rebuild_x", false))).isEmpty();
        assertThat(changed(live, rows("public", true)))
                .as("the live table was not touched")
                .isEmpty();
        assertThat(form("rebuild_x")).isEqualTo(form("public")).isNotEmpty();
    }

    @Test
    void refusesASchemaThatIsThereForSomethingElse() {
        database.owner().execute("create schema billing");
        UUID replay = replay("outputs", null, null);
        database.owner().update("update replay set target_schema = 'billing' where id = ?", replay);
        try (var sink = RunningSink.start(database, topics, group)) {
            await().atMost(PATIENCE).until(() -> status(replay).equals("failed"));
        }
        assertThat(database.owner().queryForObject("select error_message from replay", String.class))
                .contains("the schema is there for something else");
        assertThat(database.count("select count(*) from pg_tables where schemaname = 'billing'"))
                .isZero();
    }

    private String checksum(String schema) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "select count(*) || md5(string_agg(((to_jsonb(c) - array['id', 'created_at', 'updated_at',"
                                + " 'deleted_at'])::text || (deleted_at is not null)), '' order by user_integration_id,"
                                + " external_id)) from " + schema + ".user_integration_content c",
                        String.class));
    }

    private List<String> rows(String schema, boolean withTransaction) {
        return database.owner()
                .queryForList(
                        "select md5((to_jsonb(c) - array['id', 'created_at', 'updated_at', 'deleted_at'])::text"
                                + " || (deleted_at is not null))" + (withTransaction ? " || xmin" : "") + " from "
                                + schema + ".user_integration_content c order by user_integration_id, external_id",
                        String.class);
    }

    /** Columns, constraints and indexes. */
    private List<String> form(String schema) {
        return database
                .owner()
                .queryForList(
                        "select attname || format_type(atttypid, atttypmod) || attnotnull || attidentity::text"
                                + " from pg_attribute where attrelid = ?::regclass and attnum > 0"
                                + " union all select conname || pg_get_constraintdef(oid) from pg_constraint"
                                + " where conrelid = ?::regclass"
                                + " union all select indexrelid::regclass::text || indisunique || indnkeyatts from"
                                + " pg_index where indrelid = ?::regclass",
                        String.class,
                        schema + ".user_integration_content",
                        schema + ".user_integration_content",
                        schema + ".user_integration_content")
                .stream()
                .map(part -> part.replace(schema + ".", ""))
                .sorted()
                .toList();
    }

    @Test
    void changesNothingWhereNothingIsMissing() {
        var history = new History(database, topics, 4, new Random(seed));
        try (var sink = RunningSink.start(database, topics, group)) {
            history.syncPlainly(4);
            var rows = history.rows();

            UUID replay = replay("outputs", null, null);

            await().atMost(PATIENCE).until(() -> status(replay).equals("succeeded"));
            assertThat(changed(rows, history.rows())).isEmpty();
            assertThat(database.count("select rows_inserted from replay")).isZero();
        }
    }

    @Test
    void goesOnWhereAStoppedSinkLeftItAndCountsEachOutputOnce() {
        var workload = new Workload(database, 6);
        UUID replay;
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 1_000);
            workload.end(topics);
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 6);
        }
        database.owner().execute("truncate user_integration_content");
        replay = replay("outputs", null, null);
        int starts = 0;
        while (!status(replay).equals("succeeded")) {
            long before = database.count("select matched from replay");
            try (var sink = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=1")) {
                await().atMost(PATIENCE)
                        .until(() -> database.count("select matched from replay") > before + 300
                                || status(replay).equals("succeeded"));
            }
            starts++;
            if (starts == 3) {
                try (var sink = RunningSink.start(database, topics, group)) {
                    await().atMost(PATIENCE).until(() -> status(replay).equals("succeeded"));
                }
            }
        }
        assertThat(starts).isGreaterThan(1);
        assertThat(workload.rows()).isEqualTo(6_000);
        assertThat(workload.provenRuns()).isEqualTo(6);
        assertThat(database.count("select rows_inserted from replay")).isEqualTo(6_000);
        assertThat(database.count("select matched from replay")).isEqualTo(6_000);
        assertThat(database.count("select count(*) from replay_position where next_offset <> end_offset"))
                .isZero();
    }

    @Test
    void replaysOneUserIntegrationFromATimeOnly() {
        var workload = new Workload(database, 3);
        UUID one = workload.syncs().getFirst().userIntegration();
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 100);
            await().atMost(PATIENCE).until(() -> workload.rows() == 300);
            Instant later = Instant.now().plusMillis(1);
            await().atMost(Duration.ofMinutes(1)).until(() -> Instant.now().isAfter(later));
            workload.send(topics, 50);
            workload.end(topics);
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 3);
            database.owner().execute("truncate user_integration_content");

            UUID replay = replay("outputs", one, later);

            await().atMost(PATIENCE).until(() -> status(replay).equals("succeeded"));
            assertThat(database.count("select count(*) from user_integration_content"))
                    .isEqualTo(50);
            assertThat(database.owner()
                            .queryForList(
                                    "select distinct user_integration_id from user_integration_content", UUID.class))
                    .containsExactly(one);
        }
    }

    @Test
    void leavesACancelledReplay() {
        var workload = new Workload(database, 4);
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 1_000);
            await().atMost(PATIENCE).until(() -> workload.rows() == 4_000);
        }
        UUID replay = replay("outputs", null, null);
        try (var sink = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=1")) {
            await().atMost(PATIENCE).until(() -> database.count("select matched from replay") > 0);

            database.owner().update("update replay set status = 'cancelled', finished_at = now()");

            UUID next = replay("outputs", new UUID(1, 1), null);
            await().atMost(PATIENCE).until(() -> status(next).equals("succeeded"));
        }
        assertThat(status(replay)).isEqualTo("cancelled");
        assertThat(database.owner().queryForObject("select matched from replay where id = ?", Long.class, replay))
                .isLessThan(4_000);
    }

    @Test
    void requestsRunsOfTasksEachOnce() {
        var workload = new Workload(database, 2);
        List<Task> initial = new ArrayList<>();
        for (var sync : workload.syncs()) {
            initial.add(task(sync, sync.run(), null, "list", "{\"page\": 1}"));
            topics.task(sync.userIntegration(), initial.getLast());
            topics.task(sync.userIntegration(), initial.getLast()); // as after a crash of the scheduler
            for (int i = 0; i < 3; i++) {
                topics.task(
                        sync.userIntegration(),
                        task(sync, UUID.randomUUID(), sync.run(), "download", "{\"item\": " + i + "}"));
            }
        }
        topics.task(
                UUID.randomUUID(),
                task(new Workload.Sync(UUID.randomUUID(), UUID.randomUUID()), UUID.randomUUID(), null, "list", "{}"));
        topics.flush();
        try (var sink = RunningSink.start(database, topics, group)) {
            UUID lists = replay("tasks", null, null);
            await().atMost(PATIENCE).until(() -> status(lists).equals("succeeded"));
            assertThat(requested()).containsExactly("list {\"page\": 1}", "list {\"page\": 1}");
            database.owner().update("delete from requested_run");

            UUID downloads = replay("tasks", workload.syncs().getFirst().userIntegration(), null);
            database.owner().update("update replay set task_type = 'download' where id = ?", downloads);
            await().atMost(PATIENCE).until(() -> status(downloads).equals("succeeded"));
        }
        assertThat(requested())
                .containsExactly("download {\"item\": 0}", "download {\"item\": 1}", "download {\"item\": 2}");
        assertThat(database.owner()
                        .queryForList(
                                "select tasks_queued::text || '/' || skipped from replay order by created_at",
                                String.class))
                .containsExactly("2/3", "3/0");
    }

    /** By the bytes of its dead letter, or by the JSON alone that earlier versions stored. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void redrivesADeadLetteredOutputOnce(boolean ofAnEarlierVersion) {
        var workload = new Workload(database, 1);
        try (var sink = RunningSink.start(database, topics, group)) {
            database.owner()
                    .execute("alter table user_integration_content add constraint no_item_7 check (external_id <> 'item"
                            + " 7')");
            workload.send(topics, 20);
            workload.end(topics);
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 1);
            await().atMost(PATIENCE).until(() -> database.count("select count(*) from dead_letter") == 1);
            assertThat(workload.provenRuns()).isZero();

            ask();
            await().atMost(PATIENCE)
                    .until(() ->
                            database.count("select count(*) from dead_letter where redrive_error is not null") == 1);
            assertThat(database.count(
                            "select count(*) from dead_letter where redriven_at is null and redrive_asked_at is null"))
                    .isEqualTo(1);

            assertThat(database.count("select count(*) from dead_letter where message is null"))
                    .isZero();
            if (ofAnEarlierVersion) {
                database.owner().update("update dead_letter set message = null");
            }
            database.owner().execute("alter table user_integration_content drop constraint no_item_7");
            ask();
            await().atMost(PATIENCE)
                    .until(() -> database.count("select count(*) from dead_letter where redriven_at is not null") == 1);
            ask();
        }
        assertThat(workload.rows()).isEqualTo(20);
        // The run ended as partial, and stays that; what it counted is saved in the end.
        assertThat(database.count("select count(*) from sync_run where status = 'partial' and outputs = 20"
                        + " and outputs_saved = 20 and outputs_dead_lettered = 0 and rows_inserted = 20"))
                .isEqualTo(1);
    }

    /** What is in one list only, a few of them. */
    private static List<String> changed(List<String> before, List<String> after) {
        assertThat(before).isNotEmpty();
        return Stream.concat(
                        before.stream().filter(Predicate.not(new HashSet<>(after)::contains)),
                        after.stream().filter(Predicate.not(new HashSet<>(before)::contains)))
                .limit(6)
                .toList();
    }

    private void ask() {
        database.owner().update("update dead_letter set redrive_asked_at = now() where redriven_at is null");
    }

    private void say(List<History.Sync> syncs, int outputs) {
        for (int i = 0; i < outputs; i++) {
            syncs.forEach(History.Sync::say);
        }
        topics.flush();
    }

    private UUID replay(String kind, @Nullable UUID userIntegration, @Nullable Instant from) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "insert into replay (kind, requested_by, user_integration_id, from_time)"
                                + " values (?, 'test', ?, cast(? as timestamptz)) returning id",
                        UUID.class,
                        kind,
                        userIntegration,
                        from == null ? null : from.toString()));
    }

    private String status(UUID replay) {
        return Objects.requireNonNull(
                database.owner().queryForObject("select status from replay where id = ?", String.class, replay));
    }

    private List<String> requested() {
        return database.owner()
                .queryForList("select task_type || ' ' || payload from requested_run order by id", String.class);
    }

    private static Task task(Workload.Sync sync, UUID id, @Nullable UUID parent, String type, String payload) {
        return Task.newBuilder(Workload.task(sync))
                .setTaskId(id)
                .setParentTaskId(parent)
                .setType(type)
                .setPayload(payload)
                .setCreatedAt(Instant.now())
                .build();
    }
}
