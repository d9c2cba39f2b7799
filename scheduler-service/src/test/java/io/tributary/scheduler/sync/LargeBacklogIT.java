package io.tributary.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiDocument;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand of everything waits, and no page takes longer for it. */
class LargeBacklogIT {

    private static final int BACKLOG = 100_000;

    /** Of the fastest of three, so that what else the machine does counts less. */
    private static final Set<String> OPERATORS_ONLY =
            Set.of("/v1/audit-log", "/v1/billing/plans", "/v1/credential-keys", "/v1/sync-stats");

    private static final String CONTENT = "/v1/user-integration-content";
    private static final Set<String> OF_AN_ACCOUNT = Set.of(CONTENT, "/v1/activities", "/v1/metrics");

    /** Far above what they take on a slow machine, and far below a page that reads the backlog for each of its rows. */
    private static final Duration LONGEST = Duration.ofSeconds(4);

    @TempDir
    private Path folder;

    @Test
    void makesNoReadSlow() {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        var database = Database.migrated();
        fill(database);
        var settings = Map.of("tributary.api.burst", "1000000");
        var took = new TreeMap<String, Duration>();

        try (var scheduler = RunningScheduler.start(folder, database, broker, settings)) {
            // Nothing of it is dispatched: the backlog stays.
            for (var call : ApiDocument.of(scheduler).calls()) {
                if (call.method().equals("GET")
                        && !call.path().contains("{")
                        && !call.path().equals("/oauth/callback")) {
                    String ofAll = call.path().equals(CONTENT) ? CONTENT : path(call.path(), database);
                    took.put("operator " + call.path(), fastest(scheduler.operator(), ofAll));
                    if (!OPERATORS_ONLY.contains(call.path())) {
                        took.put("owner " + call.path(), fastest(scheduler.user("ann"), path(call.path(), database)));
                        took.put("other " + call.path(), fastest(scheduler.user("eve"), path(call.path(), null)));
                    }
                }
            }
            assertThat(scheduler
                            .operator()
                            .get("/sync/info")
                            .json()
                            .get("queueDepth")
                            .asLong())
                    .isEqualTo(BACKLOG);
        }

        System.out.println("with a backlog of " + BACKLOG + ": " + took);
        assertThat(took).allSatisfy((path, time) -> assertThat(time).as(path).isLessThan(LONGEST));
    }

    /** With an account, where a call asks for one: one of the backlog, or one that does not exist. */
    private static String path(String path, @Nullable Database database) {
        if (!OF_AN_ACCOUNT.contains(path)) {
            return path;
        }
        String account = database == null
                ? "00000000-0000-0000-0000-000000000000"
                : database.ids("select user_integration_id from user_integration_content limit 1")
                        .getFirst()
                        .toString();
        return path + "?userIntegrationId=" + account + (path.equals(CONTENT) ? "&kind=activity" : "");
    }

    private static Duration fastest(Api api, String path) {
        Duration fastest = LONGEST.multipliedBy(100);
        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            int status = api.get(path).status();
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(status).as(path).isIn(200, 404);
            fastest = time.compareTo(fastest) < 0 ? time : fastest;
        }
        return fastest;
    }

    private static void fill(Database database) {
        String count = Integer.toString(BACKLOG);
        database.jdbc()
                .sql("insert into user_integration (user_id, integration_domain, name, sync_status)"
                        + " select 'ann', 'hello', 'Hello', 'active' from generate_series(1, " + count + ")")
                .update();
        database.jdbc().sql("""
            insert into sync_run (user_integration_id, user_id, integration_domain, trigger, status,
                                  dispatched_at, spawned, completed, executing)
            select id, user_id, integration_domain, 'schedule', 'running', now(), 1, 0, 1
            from user_integration
            """).update();
        database.jdbc().sql("""
            insert into one_off_task (user_integration_id, user_id, integration_domain, task_type, payload,
                                      run_at, created_at)
            select id, user_id, integration_domain, 'greet', '{}', now() + interval '1 day', now()
            from user_integration
            """).update();
        database.jdbc().sql("""
                        insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, user_id,
                          integration_domain, task_type, error_code, error_message, fingerprint, attempts, record,
                          created_at)
                        select 0, n, (select id from user_integration limit 1), 'ann', 'hello', 'greet', 'hello.mute', 'Cannot.', 'f' || n % 10, 3, '{}', now()
                        from generate_series(1,\
                        """ + count + ") n").update();
        database.jdbc().sql("""
                        insert into user_integration_content (user_integration_id, integration_domain, external_id,
                          content, content_hash, run_id, run_sequence)
                        select (select id from user_integration limit 1), 'hello', n::text, repeat('x', 500), '', gen_random_uuid(), 1
                        from generate_series(1,\
                        """ + count + ") n").update();
        database.jdbc().sql("""
                        insert into audit_log (at, user_id, operator, action, target, status, remote_address)
                        select now(), 'ann', false, 'pause', '/sync/pause/all', 200, '127.0.0.1'
                        from generate_series(1,\
                        """ + count + ")").update();
        database.jdbc().sql("analyze").update();
    }
}
