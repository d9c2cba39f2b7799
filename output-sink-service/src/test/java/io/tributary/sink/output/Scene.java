package io.tributary.sink.output;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.SinkDatabase;
import io.tributary.sink.completion.FailRuns;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.deletions.DeleteUnlisted;
import io.tributary.sink.deletions.MarkDeleted;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.replay.Reapply.Read;
import io.tributary.sink.replay.ReapplyOutputs;
import io.tributary.sink.replay.Replay;
import io.tributary.sink.replay.Tally;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import io.tributary.sink.run.RunRecord.Listed;
import io.tributary.sink.run.RunRecord.Progress;
import io.tributary.standalone.servers.TestServers;
import io.tributary.telemetry.Traces;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * User integrations and runs, records of one partition about them, and the sink's postgres. All scenes of a JVM share
 * a database; each has user integrations of its own.
 */
final class Scene {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private static final SinkDatabase DATABASE = SinkDatabase.create();

    /** On one connection: a new one for each of thousands of questions takes longer than the questions. */
    private static final JdbcTemplate OWNER = new JdbcTemplate(oneConnection());

    private static final Replay REPLAY =
            new Replay(new UUID(9, 9), Replay.Kind.OUTPUTS, null, null, null, null, true, null);

    private final ApplyBatch applyBatch;
    private final Postgres postgres;
    private final ReapplyOutputs reapplyOutputs;
    private long nextOffset = 100;

    Scene() {
        this(Traces.off("sink"));
    }

    Scene(Traces traces) {
        this.postgres = DATABASE.postgres();
        this.applyBatch = new ApplyBatch(
                postgres,
                DeleteUnlisted.Bounds.DEFAULT,
                true,
                new ObserveApplied(
                        new AppliedMetrics(new SimpleMeterRegistry(), CLOCK), new TraceApplied(traces, CLOCK)),
                CLOCK,
                new Random(1));
        this.reapplyOutputs = new ReapplyOutputs("sync.output", postgres, CLOCK);
    }

    UUID userIntegration() {
        return id("insert into user_integration (user_id, integration_domain, name)"
                + " values ('alice', 'imap', 'mail') returning id");
    }

    /** A run that was dispatched. Later ones have higher sequences. */
    UUID run(UUID userIntegration, String trigger) {
        return id(
                "insert into sync_run (user_integration_id, user_id, integration_domain, trigger, dispatched_at)"
                        + " values (?, 'alice', 'imap', ?, now()) returning id",
                userIntegration,
                trigger);
    }

    /** A dispatched run of a sync type that is not the default one, and its schedule. */
    UUID ownRun(UUID userIntegration, String syncType, Duration interval) {
        owner().update(
                        "insert into sync_schedule (user_integration_id, integration_domain, sync_type,"
                                + " interval_seconds) values (?, 'imap', ?, ?)",
                        userIntegration,
                        syncType,
                        interval.toSeconds());
        return id(
                "insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger,"
                        + " dispatched_at) values (?, 'alice', 'imap', ?, 'schedule', now()) returning id",
                userIntegration,
                syncType);
    }

    Map<String, Object> scheduleRow(UUID userIntegration, String syncType) {
        return owner().queryForMap(
                        "select *, sync_state::text as state from sync_schedule where user_integration_id = ?"
                                + " and sync_type = ?",
                        userIntegration,
                        syncType);
    }

    /** An output on the topic: what follows decides what it says. */
    OutputOnTopic output(UUID run, String externalId) {
        return new OutputOnTopic(run, externalId);
    }

    Progress progress(UUID run, RunStatus status, long outputs) {
        return progress(run, status, outputs, null, null);
    }

    Progress progress(UUID run, RunStatus status, long outputs, @Nullable String syncState, @Nullable RunError error) {
        boolean ends = status != RunStatus.running;
        return new Progress(
                onTopic(),
                RunProgress.newBuilder()
                        .setRunId(run)
                        .setUserIntegrationId(userIntegrationOf(run))
                        .setSpawned(outputs)
                        .setCompleted(ends ? outputs + 1 : outputs)
                        .setFailed(0)
                        .setOutputs(outputs)
                        .setStatus(status)
                        .setSyncState(syncState)
                        .setError(error)
                        .setAt(NOW.minusSeconds(5))
                        .build());
    }

    /** A page of a list at the provider. */
    Listed listing(UUID run, String... externalIds) {
        return new Listed(
                onTopic(),
                Listing.newBuilder()
                        .setRunId(run)
                        .setTaskId(new UUID(7, nextOffset))
                        .setUserIntegrationId(userIntegrationOf(run))
                        .setExternalIds(List.of(externalIds))
                        .build());
    }

    /** The end of a run whose lists named everything. */
    Progress listedEverything(UUID run, RunStatus status, long outputs, long listed) {
        return changed(progress(run, status, outputs, "{\"at\": 9}", null), end -> end.setListed(listed));
    }

    /** What a run says that brings items and ends well. */
    List<RunRecord> bringing(UUID run, String... names) {
        List<RunRecord> records = new ArrayList<>();
        for (String name : names) {
            records.add(output(run, name).saying("content"));
        }
        records.add(progress(run, RunStatus.succeeded, names.length));
        return records;
    }

    static Progress changed(Progress progress, java.util.function.Consumer<RunProgress.Builder> change) {
        var changed = RunProgress.newBuilder(progress.progress());
        change.accept(changed);
        return new Progress(progress.source(), changed.build());
    }

    /** Marks a part of what ended runs left; false: there is none. */
    boolean markNext() {
        return new MarkDeleted(postgres).next();
    }

    void apply(RunRecord... records) {
        applyBatch.apply(List.of(records));
    }

    void apply(List<? extends RunRecord> records) {
        applyBatch.apply(List.copyOf(records));
    }

    /** As a replay does. */
    Tally reapply(RunRecord... records) {
        List<Read> read = Stream.of(records)
                .map(record -> new Read(record.source(), message(record)))
                .toList();
        return postgres.get(() -> reapplyOutputs.apply(REPLAY, read));
    }

    /** As {@link #reapply}, within the caller's transaction. */
    void reapplyWithin(RunRecord... records) {
        reapplyOutputs.apply(
                REPLAY,
                Stream.of(records)
                        .map(record -> new Read(record.source(), message(record)))
                        .toList());
    }

    Postgres postgres() {
        return postgres;
    }

    void beginReplay() {
        postgres.run(() -> reapplyOutputs.begin(REPLAY));
    }

    private static SpecificRecord message(RunRecord record) {
        return switch (record) {
            case Item item -> item.output();
            case Listed listed -> listed.listing();
            case Progress progress -> progress.progress();
        };
    }

    void countDeadLetter(Item rejected) {
        applyBatch.countDeadLetter(rejected);
    }

    Map<String, Object> runRow(UUID run) {
        return owner().queryForMap("select * from sync_run where id = ?", run);
    }

    Map<String, Object> userIntegrationRow(UUID userIntegration) {
        return owner().queryForMap(
                        "select *, sync_state::text as state from user_integration where id = ?", userIntegration);
    }

    Optional<Map<String, Object>> content(UUID userIntegration, String externalId) {
        return owner()
                .queryForList(
                        "select *, content_metadata::text as metadata from user_integration_content"
                                + " where user_integration_id = ? and external_id = ?",
                        userIntegration,
                        externalId)
                .stream()
                .findFirst();
    }

    /** The topic of outputs, where each record says the message, or is unreadable if there is none. */
    OutputTopic topic(@Nullable SpecificRecord message, List<DeadLetter> letters) {
        var readMessage = new ReadMessage((topic, bytes) -> {
            if (message == null) {
                throw new SerializationException("unreadable");
            }
            return message;
        });
        return new OutputTopic(
                readMessage, applyBatch, new FailRuns(postgres), (source, letter) -> letters.add(letter), CLOCK);
    }

    Timestamp databaseTime() {
        return Objects.requireNonNull(owner().queryForObject("select clock_timestamp()", Timestamp.class));
    }

    /** Connections that may do what the sink may, and no more. */
    static DataSource ofTheSink() {
        return DATABASE.dataSource();
    }

    JdbcTemplate owner() {
        return OWNER;
    }

    private static DataSource oneConnection() {
        return new SingleConnectionDataSource(
                DATABASE.login().url(),
                TestServers.postgres().username(),
                TestServers.postgres().password(),
                true);
    }

    private UUID userIntegrationOf(UUID run) {
        return id("select user_integration_id from sync_run where id = ?", run);
    }

    private UUID id(String sql, Object... parameters) {
        return Objects.requireNonNull(owner().queryForObject(sql, UUID.class, parameters));
    }

    private ConsumerRecord<byte[], byte[]> onTopic() {
        return onTopic(nextOffset++);
    }

    static ConsumerRecord<byte[], byte[]> onTopic(long offset) {
        return onTopic(offset, "");
    }

    static ConsumerRecord<byte[], byte[]> onTopic(long offset, String key) {
        return new ConsumerRecord<>(
                "sync.output",
                3,
                offset,
                NOW.minusSeconds(10).toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                key.getBytes(StandardCharsets.UTF_8),
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }

    /** Builds an output; each build takes the next offset. */
    final class OutputOnTopic {

        private final Output.Builder output;

        private OutputOnTopic(UUID run, String externalId) {
            output = Output.newBuilder()
                    .setRunId(run)
                    .setTaskId(new UUID(7, nextOffset))
                    .setIndex(0)
                    .setUserIntegrationId(userIntegrationOf(run))
                    .setDomain("imap")
                    .setKind(OutputKind.content)
                    .setExternalId(externalId)
                    .setName("a message")
                    .setContent("hello")
                    .setMetadata("{}");
        }

        Item saying(String content) {
            output.setContent(content);
            return put();
        }

        Item with(java.util.function.Consumer<Output.Builder> more) {
            more.accept(output);
            return put();
        }

        Item deleted() {
            output.setKind(OutputKind.deletion).setContent(null);
            return put();
        }

        private Item put() {
            return new Item(onTopic(), output.build());
        }
    }
}
