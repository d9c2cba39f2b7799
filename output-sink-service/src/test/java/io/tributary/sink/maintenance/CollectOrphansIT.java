package io.tributary.sink.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentSettings;
import io.tributary.content.ContentStore;
import io.tributary.sink.SinkDatabase;
import io.tributary.sink.outage.Unavailable;
import io.tributary.standalone.servers.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes and what stays in a real S3-compatible store, beside real rows, with no more rights than the sink has. */
class CollectOrphansIT {

    private static final Duration GRACE = Duration.ofHours(24);
    private static final Instant JANUARY = Instant.parse("2026-01-10T12:00:00Z");
    private static final Instant MARCH = Instant.parse("2026-03-10T12:00:00Z");

    private final SinkDatabase database = SinkDatabase.create();
    private final String bucket = "orphans-" + UUID.randomUUID();
    private final UUID account = UUID.randomUUID();

    @TempDir
    private Path folder;

    private ContentStore store;

    @SuppressWarnings("NullAway.Init") // JUnit and open() set them
    CollectOrphansIT() {}

    @BeforeEach
    void open() throws IOException {
        S3Server.shared().createBucket(bucket);
        Path credentials = Files.writeString(
                folder.resolve("credentials"), "[default]\naws_access_key_id = id\naws_secret_access_key = secret\n");
        var s3 = new ContentSettings.S3(bucket, S3Server.shared().endpoint(), null, "t/", null, credentials);
        store = new ContentSettings(null, s3, null).open().orElseThrow();
        database.owner()
                .update(
                        "insert into user_integration (id, user_id, integration_domain, name) values (?, 'a', 'imap',"
                                + " 'm')",
                        account);
    }

    @AfterEach
    void close() {
        S3Server.shared().resume();
        store.close();
        database.close();
    }

    @Test
    void collectsWhatAKilledWorkerStoredForNoRecordAndNothingThatIsReferredTo() throws IOException {
        ContentKey orphan = stored("of a worker that was killed before its commit", JANUARY);
        ContentKey replaced = stored("an old version", JANUARY);
        ContentKey row = stored("in a row", JANUARY);
        ContentKey movedRow = stored("in a row that was written when the store was elsewhere", JANUARY);
        ContentKey letter = stored("set aside", JANUARY);
        ContentKey rebuilt = stored("in a rebuilt row", JANUARY);
        ContentKey recent = stored("stored just now, its record is to come", MARCH);
        refer("user_integration_content", "item", "s3://" + bucket + "/t/" + row);
        refer("user_integration_content", "moved", "file:///old/place/" + movedRow);
        setAside("s3://" + bucket + "/t/" + letter);
        rebuildTable();
        refer("rebuild_a.user_integration_content", "item", "s3://" + bucket + "/t/" + rebuilt);

        collect(MARCH, 3);

        assertThat(objects()).containsExactlyInAnyOrder(row, movedRow, letter, rebuilt, recent);
        assertThat(objects()).doesNotContain(orphan, replaced);
    }

    @Test
    void keepsWhatARecordOnTheTopicOrAReplayMayReferTo() throws IOException {
        ContentKey object = stored("of a record that is still on the topic", JANUARY);

        collect(Instant.parse("2026-01-20T00:00:00Z"), 10);
        assertThat(objects()).containsExactly(object);

        collect(Instant.parse("2026-02-01T23:59:59Z"), 10);
        assertThat(objects()).as("within the grace after its month").containsExactly(object);

        collect(Instant.parse("2026-02-02T00:00:00Z"), 10);
        assertThat(objects()).isEmpty();
    }

    @Test
    void goesOnWhereAnotherSinkLeftOffInTheMiddleOfAnOutage() throws IOException {
        for (int i = 0; i < 9; i++) {
            stored("orphan " + i, JANUARY);
        }
        var work = work(MARCH, 4);
        var first = table();
        var turn = first.claim(List.of("orphans")).orElseThrow();
        first.settle(turn, work.step(turn.position()), work.every());
        assertThat(objects()).hasSize(5);
        assertThat(table().claim(List.of("orphans")))
                .as("another sink, while the first is alive")
                .isEmpty();
        var next = first.claim(List.of("orphans")).orElseThrow();
        S3Server.shared().stop();
        assertThatThrownBy(() -> work.step(next.position())).isInstanceOf(Unavailable.class);
        S3Server.shared().resume();
        work.step(next.position()); // and is killed before it could note that

        int steps = AnotherSink.finish(database, work);

        assertThat(objects()).isEmpty();
        assertThat(steps).isLessThanOrEqualTo(3);
        assertThat(database.count("select count(*) from sink_maintenance where name = 'orphans' and position is null"
                        + " and round_ended_at is not null and due_at > now()"))
                .isEqualTo(1);
    }

    private void collect(Instant oldestRecord, int page) {
        var work = work(oldestRecord, page);
        String position = null;
        do {
            position = work.step(position).next();
        } while (position != null);
    }

    private CollectOrphans work(Instant oldestRecord, int page) {
        return new CollectOrphans(
                store,
                new FindReferences(database.postgres()),
                () -> oldestRecord,
                new CollectOrphans.Bounds(Duration.ofHours(6), GRACE, page));
    }

    private MaintenanceTable table() {
        return new MaintenanceTable(database.postgres(), UUID.randomUUID());
    }

    private ContentKey stored(String content, Instant at) throws IOException {
        byte[] bytes = content.getBytes(UTF_8);
        var key = ContentKey.of(account, bytes, at);
        store.put(key, bytes);
        return key;
    }

    private List<ContentKey> objects() throws IOException {
        return new ArrayList<>(store.list(null, 100).keys());
    }

    private void refer(String table, String externalId, String reference) {
        database.owner()
                .update(
                        "insert into " + table + " (user_integration_id, integration_domain, external_id, content_ref,"
                                + " content_hash, run_id, run_sequence)"
                                + " values (?, 'imap', ?, ?, '', gen_random_uuid(), 1)",
                        account,
                        externalId,
                        reference);
    }

    private void setAside(String reference) {
        database.owner()
                .update(
                        "insert into dead_letter (kafka_partition, kafka_offset, error_code, error_message,"
                                + " fingerprint, attempts, record, created_at) values (0, 0, 'c', 'm', 'f', 1,"
                                + " jsonb_build_object('content_ref', ?::text), now())",
                        reference);
    }

    private void rebuildTable() {
        database.owner()
                .update("insert into replay (kind, requested_by, target_schema) values ('outputs', 'test',"
                        + " 'rebuild_a')");
        database.owner().execute("select open_rebuild('rebuild_a')");
    }
}
