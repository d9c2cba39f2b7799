package io.tributary.sink.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.SinkDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is purged and what stays, on real Postgres, with no more rights than the sink has. */
class PurgeContentIT {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SinkDatabase database = SinkDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void removesWhatIsOlderThanItsUserIntegrationKeepsIt() {
        UUID year = userIntegration(365);
        UUID week = userIntegration(7);
        UUID forGood = userIntegration(null);
        for (UUID each : List.of(year, week, forGood)) {
            item(each, "ancient", NOW.minus(Duration.ofDays(366)));
            item(each, "a month old", NOW.minus(Duration.ofDays(30)));
            item(each, "new", NOW);
            item(each, "without a time of its own", null);
        }

        round(2);

        assertThat(items(year)).containsExactly("a month old", "new", "without a time of its own");
        assertThat(items(week)).containsExactly("new", "without a time of its own");
        assertThat(items(forGood)).hasSize(4);
    }

    @Test
    void passesOverAccountsWithoutNewOrExpiredContent() {
        UUID account = userIntegration(10);
        for (int i = 0; i < 30; i++) {
            item(i == 0 ? account : userIntegration(10), "item", NOW.minus(Duration.ofDays(9)));
        }
        assertThat(steps(NOW)).isGreaterThan(30);

        assertThat(steps(NOW.plus(Duration.ofHours(1)))).as("nothing is due").isEqualTo(2);

        item(account, "late", NOW.minus(Duration.ofDays(20)));
        assertThat(steps(NOW.plus(Duration.ofHours(2))))
                .as("one has a new item")
                .isEqualTo(3);
        assertThat(items(account)).containsExactly("item");

        steps(NOW.plus(Duration.ofDays(2)));
        assertThat(items(account)).as("expired meanwhile").isEmpty();
    }

    @Test
    void looksAtEverythingAgainWhenTheRetentionChanges() {
        UUID account = userIntegration(10);
        item(account, "item", NOW.minus(Duration.ofDays(5)));
        steps(NOW);
        database.owner().update("update user_integration set retention_days = 3");

        steps(NOW);

        assertThat(items(account)).isEmpty();
    }

    @Test
    void purgesTheDeadLettersOfOutputsAsWell() {
        UUID account = userIntegration(null);
        database.owner().update("update user_integration set purge_before = now() + interval '1 minute'");
        database.owner()
                .update(
                        "insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, task_type,"
                                + " error_code, error_message, fingerprint, attempts, record, created_at) select 1, n, ?,"
                                + " case n when 1 then 'list' end, 'c', 'm', 'f', 1, '{}', now() from generate_series(1,"
                                + " 2) n",
                        account);

        round(10);

        assertThat(database.count("select kafka_offset from dead_letter")).isEqualTo(1);
    }

    @Test
    void removesWhatSomebodyAskedToPurgeOnce() {
        UUID account = userIntegration(null);
        for (int i = 0; i < 5; i++) {
            item(account, "before " + i, NOW);
        }
        database.owner().update("update user_integration_content set updated_at = now() - interval '1 minute'");
        database.owner().update("update user_integration set purge_before = now()");
        item(account, "after", NOW.minus(Duration.ofDays(5_000)));
        database.owner()
                .update("update user_integration_content set updated_at = now() + interval '1 minute'"
                        + " where external_id = 'after'");

        round(2);

        assertThat(items(account)).containsExactly("after");
        assertThat(database.count("select count(*) from user_integration where purge_before is not null"))
                .isZero();
    }

    @Test
    void goesOnWhereASinkThatWasKilledLeftOff() {
        UUID account = userIntegration(10);
        fill(account, 1_000, NOW.minus(Duration.ofDays(20)));
        fill(account, 1_000, NOW);
        var work = work(100);
        var killed = table();
        for (int i = 0; i < 3; i++) {
            var turn = killed.claim(List.of("retention")).orElseThrow();
            killed.settle(turn, work.step(turn.position()), work.every());
        }
        work.step(killed.claim(List.of("retention")).orElseThrow().position());
        assertThat(table().claim(List.of("retention"))).isEmpty();
        int steps = AnotherSink.finish(database, work);

        assertThat(database.count("select count(*) from user_integration_content"))
                .isEqualTo(1_000);
        assertThat(steps).as("2,000 rows less the three steps that were noted").isBetween(17, 19);
        assertThat(database.count("select removed from sink_maintenance where name = 'retention'"))
                .as("but for the step that was taken and not noted")
                .isEqualTo(900);
    }

    @Test
    void leavesRoomThatIsUsedAgainRatherThanATableThatGrows() {
        UUID account = userIntegration(10);
        long full = 0;
        for (int year = 0; year < 4; year++) {
            fill(account, 5_000, NOW.minus(Duration.ofDays(20)));
            if (year == 0) {
                full = size();
            }
            var work = work(1_000);
            String position = null;
            do {
                position = work.step(position).next();
                database.owner().execute("vacuum user_integration_content"); // as autovacuum, which comes by the minute
            } while (position != null);
            assertThat(database.count("select count(*) from user_integration_content"))
                    .isZero();
        }
        fill(account, 5_000, NOW);
        System.out.println("bytes after the first fill: " + full + ", after four purges and the fifth: " + size());
        assertThat(size()).isLessThan(full * 13 / 10);
    }

    @Test
    void bearsThatAUserIntegrationGoesMeanwhile() {
        UUID account = userIntegration(10);
        fill(account, 20, NOW.minus(Duration.ofDays(20)));
        var work = work(5);
        String position = Objects.requireNonNull(work.step(null).next());
        database.owner().update("delete from user_integration");

        assertThat(work.step(position).next()).isNull();
    }

    /** The steps of a round at that time. */
    private int steps(Instant now) {
        var work = new PurgeContent(database.postgres(), Clock.fixed(now, ZoneOffset.UTC), Duration.ofHours(1), 100);
        int steps = 0;
        String position = null;
        do {
            position = work.step(position).next();
            steps++;
        } while (position != null);
        return steps;
    }

    private void round(int rows) {
        var work = work(rows);
        String position = null;
        do {
            position = work.step(position).next();
        } while (position != null);
    }

    private PurgeContent work(int rows) {
        return new PurgeContent(database.postgres(), Clock.fixed(NOW, ZoneOffset.UTC), Duration.ofHours(1), rows);
    }

    private MaintenanceTable table() {
        return new MaintenanceTable(database.postgres(), UUID.randomUUID());
    }

    private UUID userIntegration(@Nullable Integer days) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "insert into user_integration (user_id, integration_domain, name, retention_days)"
                                + " values ('a', 'imap', 'm', ?) returning id",
                        UUID.class,
                        days));
    }

    private void item(UUID account, String externalId, @Nullable Instant time) {
        database.owner()
                .update(
                        "insert into user_integration_content (user_integration_id, integration_domain, external_id,"
                                + " external_timestamp, content_hash, run_id, run_sequence)"
                                + " values (?, 'imap', ?, ?::timestamptz, '', gen_random_uuid(), 1)",
                        account,
                        externalId,
                        time == null ? null : time.toString());
    }

    private void fill(UUID account, int items, Instant time) {
        database.owner()
                .update(
                        "insert into user_integration_content (user_integration_id, integration_domain, external_id,"
                                + " external_timestamp, content, content_hash, run_id, run_sequence)"
                                + " select ?, 'imap', gen_random_uuid()::text, ?::timestamptz, repeat('x', 1000), '',"
                                + " gen_random_uuid(), 1 from generate_series(1, ?)",
                        account,
                        time.toString(),
                        items);
    }

    private List<String> items(UUID account) {
        return database.owner()
                .queryForList(
                        "select external_id from user_integration_content where user_integration_id = ? order by id",
                        String.class,
                        account);
    }

    private long size() {
        return database.count("select pg_total_relation_size('user_integration_content')");
    }
}
