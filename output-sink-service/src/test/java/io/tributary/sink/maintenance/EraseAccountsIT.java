package io.tributary.sink.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentSettings;
import io.tributary.content.ContentStore;
import io.tributary.sink.SinkDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything of a deleted account goes, in steps, with no more rights than the sink has. */
class EraseAccountsIT {

    private static final List<String> TABLES = List.of(
            "user_integration_content",
            "sync_run",
            "task_failure",
            "dead_letter",
            "pending_deletion",
            "requested_run",
            "one_off_task",
            "event_outbox",
            "sync_schedule");

    private final SinkDatabase database = SinkDatabase.create();

    @TempDir
    private Path folder;

    private ContentStore store;
    private EraseAccounts accounts;
    private EraseEvents events;

    @SuppressWarnings("NullAway.Init") // JUnit and open() set them
    EraseAccountsIT() {}

    @BeforeEach
    void open() {
        store = new ContentSettings(folder, null, null).open().orElseThrow();
        accounts = new EraseAccounts(
                database.postgres(), Optional.of(store), Clock.systemUTC(), Duration.ofMinutes(1), 100);
        events = new EraseEvents(database.postgres(), Duration.ofHours(6), 100);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void aReplayIntoTheLiveTableHoldsNoErasureUp() {
        UUID account = filled(3);
        database.owner().update("insert into replay (kind, requested_by) values ('outputs', 'ann')");

        delete(account);
        runOut(accounts);

        assertThat(count("user_integration_content", account)).isZero();
        assertThat(database.count("select count(*) from erasure where erased_at is null"))
                .isZero();
    }

    @Test
    void deletingAnAccountLeavesItsContentToTheUpkeepAndEndsItsLiveRuns() {
        UUID account = filled(250);

        delete(account);

        assertThat(count("user_integration_content", account)).isEqualTo(250);
        assertThat(count("sync_schedule", account)).isZero();
        assertThat(database.owner()
                        .queryForObject(
                                "select count(*) from sync_run where user_integration_id = ? and finished_at is null",
                                Long.class,
                                account))
                .as("live runs leave at once")
                .isZero();
    }

    @Test
    void everythingOfADeletedAccountIsErasedAndNothingOfAnother() throws Exception {
        UUID account = filled(250);
        UUID neighbour = filled(3);
        store.put(key(account), bytes("a"));
        store.put(key(neighbour), bytes("a"));
        delete(account);

        runOut(accounts);
        runOut(events);

        for (String table : TABLES) {
            assertThat(count(table, account)).as(table).isZero();
            assertThat(count(table, neighbour)).as(table).isPositive();
        }
        assertThat(database.count("select count(*) from webhook_delivery")).isEqualTo(1);
        assertThat(store.open(key(account))).isEmpty();
        assertThat(store.open(key(neighbour))).isPresent();
        assertThat(database.count(
                        "select count(*) from erasure where erased_at is not null and events_erased_at is not null"))
                .isEqualTo(1);
    }

    @Test
    void aSmallAccountDoesNotWaitForALargeOne() {
        UUID large = filled(1_000);
        delete(large);
        UUID small = filled(3);
        delete(small);

        String position = null;
        for (int step = 0; step < 3; step++) {
            position = accounts.step(position).next();
        }

        assertThat(count("user_integration_content", small)).isZero();
        assertThat(count("user_integration_content", large)).isPositive();
    }

    @Test
    void aSecondPassFindsRowsThatWereWrittenAfterTheFirst() {
        UUID account = filled(1);
        delete(account);
        runOut(accounts);
        content(account, 5);
        database.owner().update("update erasure set next_at = now() where next_at is not null");

        runOut(accounts);

        assertThat(count("user_integration_content", account)).isZero();
        assertThat(database.count("select count(*) from erasure where next_at is not null"))
                .isZero();
    }

    @Test
    void anAccountThatCannotBeErasedDoesNotStopTheOthers() {
        UUID stuck = filled(1);
        UUID other = filled(1);
        database.owner().execute("""
            create function refuse() returns trigger language plpgsql as
            $$ begin raise exception 'refused' using errcode = '23514'; end $$\
            """);
        database.owner()
                .execute("create trigger refuse before delete on user_integration_content for each row"
                        + " when (old.user_integration_id = '" + stuck + "') execute function refuse()");
        delete(stuck);
        delete(other);

        runOut(accounts);

        assertThat(count("user_integration_content", stuck)).isEqualTo(1);
        assertThat(count("user_integration_content", other)).isZero();
    }

    private static void runOut(MaintenanceJob job) {
        String position = null;
        do {
            position = job.step(position).next();
        } while (position != null);
    }

    private void delete(UUID account) {
        database.owner().update("delete from user_integration where id = ?", account);
    }

    private UUID filled(int items) {
        UUID account = id("insert into user_integration (user_id, integration_domain, name)"
                + " values ('alice', 'imap', 'mail') returning id");
        content(account, items);
        id(run("queued", "null"), account);
        UUID ended = id(run("failed", "now()"), account);
        update(
                "insert into task_failure (run_id, task_id, user_integration_id, task_type, attempts, error_code,"
                        + " error_message, failed_at) values ('" + ended
                        + "', gen_random_uuid(), ?, 't', 1, 'c', 'm', now())",
                account);
        update(
                "insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, error_code,"
                        + " error_message, fingerprint, attempts, record, created_at) values (1, (select count(*) from"
                        + " dead_letter), ?, 'c', 'm', 'f', 1, '{}', now())",
                account);
        update(
                "insert into pending_deletion (run_id, part, user_integration_id, content_ids)" + " values ('" + ended
                        + "', 1, ?, '{}')",
                account);
        update(
                "insert into requested_run (user_integration_id, sync_type, task_type, payload)"
                        + " values (?, 'default', 't', '{}')",
                account);
        update(
                "insert into one_off_task (user_integration_id, user_id, integration_domain, task_type, payload,"
                        + " run_at, created_at, run_id) values (?, 'alice', 'imap', 't', '{}', now(),"
                        + " now(), '" + ended + "')",
                account);
        database.owner()
                .execute("insert into webhook (id, user_id, url, secret) values ('" + new UUID(0, 7)
                        + "', 'alice', 'https://example.com', '') on conflict do nothing");
        update(
                "insert into webhook_delivery (webhook_id, event_id, event_type, body, next_attempt_at) values ('"
                        + new UUID(0, 7) + "', gen_random_uuid(), 'run.failed',"
                        + " '{\"data\":{\"userIntegrationId\":\"' || ? || '\"}}', now())",
                account);
        return account;
    }

    private static String run(String status, String finishedAt) {
        return "insert into sync_run (user_integration_id, user_id, integration_domain, trigger, status, finished_at)"
                + " values (?, 'alice', 'imap', 'schedule', '" + status + "', " + finishedAt + ") returning id";
    }

    private void content(UUID account, int items) {
        update(
                "insert into user_integration_content (user_integration_id, integration_domain, external_id,"
                        + " content_hash, run_id, run_sequence) select ?, 'imap', 'item ' || n, '', gen_random_uuid(), 1"
                        + " from generate_series(1, " + items + ") n",
                account);
    }

    private void update(String sql, UUID account) {
        database.owner().update(sql, account);
    }

    private UUID id(String sql, Object... parameters) {
        return Objects.requireNonNull(database.owner().queryForObject(sql, UUID.class, parameters));
    }

    private long count(String table, UUID account) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "select count(*) from " + table + " where user_integration_id = ?", Long.class, account));
    }

    private static ContentKey key(UUID account) {
        return ContentKey.of(account, bytes("a"), Instant.now());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
