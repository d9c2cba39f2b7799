package io.tributary.sink.replay;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.content.ContentRow;
import io.tributary.sink.content.WriteOutputs;
import io.tributary.sink.deadletter.RecordJson;
import io.tributary.sink.deletions.UnchangedListings;
import io.tributary.sink.metrics.MetricValue;
import io.tributary.sink.outage.Unavailable;
import io.tributary.sink.output.OutputTopic;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.LockRuns;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redrives requested dead-lettered outputs, each once: one transaction writes the output and marks it as redriven. Its
 * run then counts it as saved, which balances the run's proof. An output that is rejected again stores the reason, and
 * may be requested again.
 */
public record RedriveOutputs(Postgres postgres, ReadMessage readMessage, LockRuns lockRuns, WriteOutputs writeOutputs) {

    private static final Logger log = LoggerFactory.getLogger(RedriveOutputs.class);

    /** The oldest first. Locked until the end of the transaction, so that two sinks take different ones. */
    private static final String NEXT = """
        select id from dead_letter
         where redrive_asked_at is not null and redriven_at is null
         order by redrive_asked_at, id
         limit 1
           for update skip locked\
        """;

    private static final String READ = """
        select id, error_code, kafka_partition, kafka_offset, message, record::text as record
          from dead_letter where id = ?\
        """;

    private static final String DONE = "update dead_letter set redriven_at = now(), redrive_error = null where id = ?";

    private static final String REJECTED =
            "update dead_letter set redrive_asked_at = null, redrive_error = ? where id = ? and redriven_at is null";

    /**
     * Whether newer runs may have seen the item unchanged: the row does not show this, so an older output must no
     * longer change the row.
     */
    private static final String SUPERSEDED = """
        select exists (select from user_integration_content
                        where user_integration_id = ? and external_id = ? and run_sequence < ?)
           and exists (select from sync_run
                        where user_integration_id = ? and sequence > ? and outputs_saved > 0)\
        """;

    /** The same for a figure. */
    private static final String METRIC_SUPERSEDED = """
        select exists (select from metric_series s join metric_point p on p.series_id = s.id
                        where s.user_integration_id = :userIntegrationId and s.key = :key and p.at = :at
                          and p.run_sequence < :sequence)
           and exists (select from sync_run
                        where user_integration_id = :userIntegrationId and sequence > :sequence and outputs_saved > 0)\
        """;

    private record Place(UUID userIntegrationId, UUID key, Instant at, long sequence) {}

    private static final String COUNT = """
        update sync_run
           set outputs_saved = outputs_saved + 1, outputs_dead_lettered = greatest(0, outputs_dead_lettered - ?),
               rows_inserted = rows_inserted + ?,
               rows_updated = rows_updated + ?, rows_unchanged = rows_unchanged + ?
         where id = ?\
        """;

    public RedriveOutputs(Postgres postgres, ReadMessage readMessage, Clock clock) {
        this(postgres, readMessage, new LockRuns(postgres), new WriteOutputs(postgres, false, clock));
    }

    /**
     * A requested dead letter.
     *
     * @param message the dead letter's bytes on its topic; null if an earlier version stored it, or it has no output
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and never compared
    private record Requested(
            UUID id, String errorCode, int kafkaPartition, long kafkaOffset, byte @Nullable [] message, String record) {

        /** Whether its run counts it as dead-lettered. */
        int counted() {
            return errorCode.equals(OutputTopic.OUTPUT_REJECTED) ? 1 : 0;
        }

        ConsumerRecord<byte[], byte[]> source(byte @Nullable [] bytes) {
            return new ConsumerRecord<>("", kafkaPartition, kafkaOffset, new byte[0], bytes);
        }
    }

    /**
     * Handles the oldest request; returns false if there is none.
     *
     * @throws io.tributary.sink.outage.Unavailable Postgres or the schema registry cannot be used: call again later
     */
    public boolean next() {
        var underWay = new AtomicReference<@Nullable UUID>();
        try {
            return postgres.get(() -> {
                Optional<UUID> next = postgres.sql(NEXT).query(UUID.class).optional();
                next.ifPresent(id -> {
                    underWay.set(id);
                    redrive(postgres.sql(READ).param(id).query(Requested.class).single());
                });
                return next.isPresent();
            });
        } catch (Unavailable | KafkaException e) {
            throw e;
        } catch (RuntimeException e) { // whatever is wrong with this one, those behind it must not wait for it
            UUID id = underWay.get();
            if (id == null) {
                throw e;
            }
            String why = e instanceof Rejected
                    ? String.valueOf(e.getMessage())
                    : "It cannot be read: " + e.getClass().getSimpleName() + ".";
            log.warn("sink.redriveRefused: an output was rejected again deadLetterId={} reason={}", id, why);
            postgres.run(() -> reject(id, why));
            return true;
        }
    }

    private void redrive(Requested requested) {
        Output output = output(requested);
        if (output == null) {
            reject(requested.id(), "The record cannot be read as an output.");
            return;
        }
        var item = new Item(requested.source(null), output);
        Run run = lockRuns.of(List.of(item)).get(item.runId());
        if (run == null || !run.userIntegrationId().equals(item.userIntegrationId())) {
            reject(requested.id(), "Its run or user integration was deleted.");
        } else if (isSuperseded(run, item)) {
            reject(requested.id(), "Newer runs have synced the account since: sync it with force instead.");
        } else {
            write(run, item, requested);
            postgres.sql(DONE).param(requested.id()).update();
            log.info(
                    "sink.outputRedriven: output redriven deadLetterId={} runId={} userIntegrationId={}",
                    requested.id(),
                    run.id(),
                    run.userIntegrationId());
        }
    }

    private boolean isSuperseded(Run run, Item item) {
        Optional<MetricValue> metric = MetricValue.of(run, item.output());
        if (metric.isPresent()) {
            var value = metric.get();
            return postgres.sql(
                            METRIC_SUPERSEDED,
                            new Place(run.userIntegrationId(), value.series().key(), value.at(), run.sequence()))
                    .query(Boolean.class)
                    .single();
        }
        String externalId = ContentRow.of(run, item.output()).externalId();
        return postgres.sql(SUPERSEDED)
                .params(run.userIntegrationId(), externalId, run.sequence(), run.userIntegrationId(), run.sequence())
                .query(Boolean.class)
                .single();
    }

    private void write(Run run, Item item, Requested requested) {
        RowCounts rows =
                writeOutputs.write(List.of(new RunBatch(run, List.of(item)))).getOrDefault(run.id(), RowCounts.NONE);
        new UnchangedListings(postgres).forget(run.userIntegrationId());
        postgres.sql(COUNT)
                .params(requested.counted(), rows.inserted(), rows.updated(), rows.unchanged(), run.id())
                .update();
    }

    private void reject(UUID deadLetterId, String why) {
        postgres.sql(REJECTED).params(why, deadLetterId).update();
    }

    /** Null if there is none. */
    private @Nullable Output output(Requested requested) {
        try {
            if (requested.message() != null) {
                var letter = (DeadLetter) readMessage.of(requested.source(requested.message()));
                return letter.getOutput();
            }
            byte[] raw = RecordJson.bytes(requested.record());
            if (raw != null) {
                SpecificRecord message = readMessage.of(requested.source(raw));
                return message instanceof Output output ? output : null;
            }
            return RecordJson.read(requested.record(), new Output());
        } catch (Unreadable e) {
            log.debug("sink.redriveUnreadable: still unreadable offset={}", requested.kafkaOffset(), e);
            return null;
        }
    }
}
