package io.tributary.sink.output;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.postgres.Refused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Applies outputs that were set aside, when somebody asked for it: each once, in one transaction with the mark that it
 * was. The run it is of counts it as saved then, which balances its proof. What is refused again says why, and may be
 * asked for again.
 */
public final class RedriveOutputs {

    private static final Logger log = LoggerFactory.getLogger(RedriveOutputs.class);

    /** The oldest first. Locked until it is dealt with, so that two sinks take different ones. */
    private static final String NEXT = """
            select id, error_code, kafka_partition, kafka_offset, created_at, user_integration_id,
                   record ->> 'run_id' as run_id, record ->> 'task_id' as task_id, record ->> 'index' as index,
                   record ->> 'domain' as domain, record ->> 'kind' as kind, record ->> 'external_id' as external_id,
                   record ->> 'external_timestamp' as external_timestamp, record ->> 'name' as name,
                   record ->> 'code' as code, record ->> 'content' as content,
                   record ->> 'content_ref' as content_ref, record ->> 'metadata' as metadata,
                   decode(record ->> 'raw', 'base64') as raw
              from dead_letter
             where redrive_asked_at is not null and redriven_at is null
             order by redrive_asked_at, id
             limit 1
               for update skip locked""";

    private static final String DONE = "update dead_letter set redriven_at = now(), redrive_error = null where id = ?";

    private static final String REFUSED =
            "update dead_letter set redrive_asked_at = null, redrive_error = ? where id = ? and redriven_at is null";

    /**
     * Whether newer runs may have seen the item as the row has it: a row does not tell that they did, so an older output
     * must not change it any more.
     */
    private static final String SUPERSEDED = """
            select exists (select from user_integration_content
                            where user_integration_id = ? and external_id = ? and run_sequence < ?)
               and exists (select from sync_run
                            where user_integration_id = ? and sequence > ? and outputs_saved > 0)""";

    private static final String COUNT = """
            update sync_run
               set outputs_saved = outputs_saved + 1, outputs_set_aside = greatest(0, outputs_set_aside - ?),
                   rows_inserted = rows_inserted + ?,
                   rows_updated = rows_updated + ?, rows_unchanged = rows_unchanged + ?
             where id = ?""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;
    private final ReadMessage readMessage;
    private final LockRuns lockRuns;
    private final WriteOutputs writeOutputs;

    public RedriveOutputs(InTransaction transaction, JdbcTemplate jdbc, ReadMessage readMessage, Clock clock) {
        this.transaction = transaction;
        this.jdbc = JdbcClient.create(jdbc);
        this.readMessage = readMessage;
        this.lockRuns = new LockRuns(this.jdbc);
        this.writeOutputs = new WriteOutputs(jdbc, clock);
    }

    /**
     * Deals with the letter that was asked for first; returns false where there is none.
     *
     * @throws io.tributary.sink.consume.Unavailable Postgres cannot be used: call again later
     */
    public boolean next() {
        var at = new Letter[1];
        try {
            return transaction.get(() -> {
                Optional<Letter> next =
                        jdbc.sql(NEXT).query((row, n) -> letter(row)).optional();
                next.ifPresent(letter -> {
                    at[0] = letter;
                    apply(letter);
                });
                return next.isPresent();
            });
        } catch (Refused e) {
            if (at[0] == null) {
                throw e;
            }
            refuse(at[0], String.valueOf(e.getMessage()));
            return true;
        }
    }

    private void apply(Letter letter) {
        Item item = letter.item();
        if (item == null) {
            jdbc.sql(REFUSED)
                    .params("The record cannot be read as an output.", letter.id())
                    .update();
            return;
        }
        Run run = lockRuns.of(List.of(item)).get(item.runId());
        if (run == null || !run.userIntegration().id().equals(item.userIntegrationId())) {
            jdbc.sql(REFUSED)
                    .params("Its run or user integration is gone.", letter.id())
                    .update();
        } else if (isSuperseded(run, item)) {
            jdbc.sql(REFUSED)
                    .params("Newer runs have synced the account since: sync it with force instead.", letter.id())
                    .update();
        } else {
            write(run, item, letter.countedAsSetAside());
            jdbc.sql(DONE).param(letter.id()).update();
            log.info(
                    "output applied again deadLetterId={} runId={} userIntegrationId={}",
                    letter.id(),
                    run.id(),
                    run.userIntegration().id());
        }
    }

    private boolean isSuperseded(Run run, Item item) {
        UUID userIntegrationId = run.userIntegration().id();
        String externalId = ContentRow.of(run, item.output()).externalId();
        return jdbc.sql(SUPERSEDED)
                .params(userIntegrationId, externalId, run.sequence(), userIntegrationId, run.sequence())
                .query(Boolean.class)
                .single();
    }

    private void write(Run run, Item item, boolean countedAsSetAside) {
        Map<UUID, RowCounts> counts = writeOutputs.write(List.of(new RunBatch(run, List.of(item))));
        RowCounts rows = counts.getOrDefault(run.id(), RowCounts.NONE);
        jdbc.sql(COUNT)
                .params(countedAsSetAside ? 1 : 0, rows.inserted(), rows.updated(), rows.unchanged(), run.id())
                .update();
    }

    private void refuse(Letter letter, String why) {
        log.warn("sink.redriveRefused: an output was refused again deadLetterId={} reason={}", letter.id(), why);
        transaction.run(() -> jdbc.sql(REFUSED).params(why, letter.id()).update());
    }

    /**
     * @param item null where the letter holds no output
     * @param countedAsSetAside its run counts it among what was set aside
     */
    private record Letter(UUID id, @Nullable Item item, boolean countedAsSetAside) {}

    private Letter letter(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        byte[] raw = row.getBytes("raw");
        var source = new ConsumerRecord<byte[], byte[]>(
                "", row.getInt("kafka_partition"), row.getLong("kafka_offset"), new byte[0], raw);
        boolean counted = row.getString("error_code").equals(Letters.OUTPUT_REFUSED);
        if (raw != null) {
            return new Letter(id, read(source), counted);
        }
        return new Letter(id, row.getString("run_id") == null ? null : new Item(source, output(row)), counted);
    }

    private @Nullable Item read(ConsumerRecord<byte[], byte[]> source) {
        try {
            SpecificRecord message = readMessage.of(source);
            return message instanceof Output output ? new Item(source, output) : null;
        } catch (Unreadable e) {
            log.debug("still unreadable offset={}", source.offset(), e);
            return null;
        }
    }

    private static Output output(ResultSet row) throws SQLException {
        return Output.newBuilder()
                .setRunId(UUID.fromString(row.getString("run_id")))
                .setTaskId(UUID.fromString(row.getString("task_id")))
                .setIndex(row.getInt("index"))
                .setUserIntegrationId(row.getObject("user_integration_id", UUID.class))
                .setDomain(row.getString("domain"))
                .setKind(OutputKind.valueOf(row.getString("kind")))
                .setExternalId(row.getString("external_id"))
                .setExternalTimestamp(instant(row.getString("external_timestamp")))
                .setName(row.getString("name"))
                .setCode(row.getInt("code"))
                .setContent(row.getString("content"))
                .setContentRef(row.getString("content_ref"))
                .setMetadata(row.getString("metadata"))
                .build();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
