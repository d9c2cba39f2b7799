package io.tributary.sink.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.SinkDatabase;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Content of an earlier version, which did not store its sync type. */
class FillSyncTypesIT {

    private final SinkDatabase database = SinkDatabase.create();
    private final FillSyncTypes fill = new FillSyncTypes(database.postgres(), 2);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void takesTheTypeOfTheRunOrTheOnlyTypeOfTheAccount() {
        UUID one = account();
        UUID two = account();
        database.owner()
                .update(
                        "insert into sync_schedule (user_integration_id, integration_domain, sync_type,"
                                + " interval_seconds) values (?, 'imap', 'events', 60)",
                        two);
        UUID run = Objects.requireNonNull(database.owner()
                .queryForObject(
                        "insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger)"
                                + " values (?, 'alice', 'imap', 'events', 'schedule') returning id",
                        UUID.class,
                        two));
        content(one, "purged run", UUID.randomUUID());
        content(two, "run", run);
        content(two, "purged run", UUID.randomUUID());

        String position = null;
        do {
            position = fill.step(position).next();
        } while (position != null);

        assertThat(typeOf(one, "purged run")).isEqualTo("default");
        assertThat(typeOf(two, "run")).isEqualTo("events");
        assertThat(typeOf(two, "purged run")).isNull();
    }

    private UUID account() {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "insert into user_integration (user_id, integration_domain, name)"
                                + " values ('alice', 'imap', 'mail') returning id",
                        UUID.class));
    }

    private void content(UUID account, String item, UUID run) {
        database.owner()
                .update(
                        "insert into user_integration_content (user_integration_id, integration_domain, external_id,"
                                + " content_hash, run_id, run_sequence) values (?, 'imap', ?, '', ?, 1)",
                        account,
                        item,
                        run);
    }

    private @Nullable String typeOf(UUID account, String item) {
        return database.owner()
                .queryForObject(
                        "select sync_type from user_integration_content where user_integration_id = ?"
                                + " and external_id = ?",
                        String.class,
                        account,
                        item);
    }
}
