package io.tributary.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Database;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Schedules, and the copies of them that user_integration has. */
class ScheduleTableIT {

    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

    private static final Database database = Database.migrated();

    private final UUID account = database.integration(NOW);

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void everyUserIntegrationHasAScheduleOfItsDefaultSyncType() {
        assertThat(schedule()).isEqualTo("default 900 {\"seen\": 7} 2026-04-01T12:00:00");
    }

    @Test
    void whatIsWrittenToTheScheduleIsCopiedToTheUserIntegration() {
        database.update("""
            update sync_schedule
            set interval_seconds = 90, sync_state = '{"seen": 8}', last_sync_at = '2026-04-01 11:00Z', next_sync_at = null
            where user_integration_id = :id
            """, account);

        assertThat(copy()).isEqualTo("2 {\"seen\": 8} 2026-04-01T11:00:00 none");
    }

    @Test
    void whatIsWrittenToTheCopyGetsToTheSchedule() {
        database.update("""
            update user_integration
            set poll_interval_minutes = 3, sync_state = '{}', next_sync_at = '2026-04-01 13:00Z' where id = :id
            """, account);

        assertThat(schedule()).isEqualTo("default 180 {} 2026-04-01T13:00:00");
        assertThat(copy()).isEqualTo("3 {} none 2026-04-01T13:00:00");
    }

    @Test
    void otherSyncTypesAreNotCopied() {
        add("presence");

        database.update(
                "update sync_schedule set sync_state = '{\"seen\": 9}' where user_integration_id = :id and not"
                        + " is_default",
                account);

        assertThat(copy()).isEqualTo("15 {\"seen\": 7} none 2026-04-01T12:00:00");
    }

    @Test
    void theDefaultSyncTypeGoesOnUnderANewName() {
        add("mail");

        new ScheduleTable(database.jdbc()).nameDefault(List.of(account), "mail");

        assertThat(schedule()).isEqualTo("mail 900 {\"seen\": 7} 2026-04-01T12:00:00");
        assertThat(database.value(
                        "select count(*) from sync_schedule where user_integration_id = :id", account, Long.class))
                .isOne();
    }

    private void add(String syncType) {
        database.jdbc().sql("""
            insert into sync_schedule (user_integration_id, integration_domain, sync_type, interval_seconds)
            values (?, 'hello', ?, 60)
            """).params(account, syncType).update();
    }

    private @Nullable String schedule() {
        return database.value("""
            select concat_ws(' ', sync_type, interval_seconds, sync_state,
                             to_char(next_sync_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'))
            from sync_schedule where user_integration_id = :id and is_default
            """, account, String.class);
    }

    private @Nullable String copy() {
        return database.value("""
            select concat_ws(' ', poll_interval_minutes, sync_state,
                             coalesce(to_char(last_sync_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), 'none'),
                             coalesce(to_char(next_sync_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), 'none'))
            from user_integration where id = :id
            """, account, String.class);
    }
}
