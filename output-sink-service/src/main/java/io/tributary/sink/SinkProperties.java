package io.tributary.sink;

import io.tributary.content.ContentSettings;
import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import io.tributary.sink.deletions.DeleteUnlisted;
import io.tributary.telemetry.TraceSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the sink, under {@code tributary}; a value out of range stops the start.
 *
 * @param content store of large content, of which the sink removes orphans; default: there is no store
 * @param tracing where traces go; default: no span is recorded
 */
@ConfigurationProperties("tributary")
public record SinkProperties(
        @DefaultValue TopicSettings topics,
        SchemaRegistry schemaRegistry,
        @DefaultValue Sink sink,
        @DefaultValue ContentSettings content,
        @DefaultValue TraceSettings tracing,
        @DefaultValue MaintenanceSettings maintenance) {

    /**
     * The topics; missing ones are created at start.
     *
     * @param prefix prefix of their names; default {@code sync}
     * @param partitions 1 to 1,000; default 8
     * @param replicationFactor 1 to the number of brokers; default 3
     * @param allowSingleReplica whether topics may have one copy only; default false
     */
    public record TopicSettings(
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix,
            @DefaultValue("8") int partitions,
            @DefaultValue("3") short replicationFactor,
            @DefaultValue("false") boolean allowSingleReplica) {

        PrepareTopics prepare() {
            return new PrepareTopics(topics(), partitions, replicationFactor, allowSingleReplica);
        }

        Topics topics() {
            return new Topics(prefix);
        }
    }

    /** @param url base URL of the Confluent-compatible API, or several separated by commas; no default */
    public record SchemaRegistry(String url) {}

    /**
     * How the sink works.
     *
     * @param group consumer group; default {@code tributary-sink}
     * @param threads consumers, each with a connection to Postgres, 1 to 64; those beyond the number of partitions are
     *     idle; default 2
     * @param batchRecords most records of a transaction, 1 to 10,000; default 1,000. Larger batches cost memory and
     *     latency and save little
     * @param batchBytes most bytes of the records of a transaction, decompressed, 1 MB to 256 MB; default 16 MB. A
     *     thread needs about five times as much memory
     * @param deletions limits of deletions without confirmation
     * @param keepRestatedValues whether the value that a restated figure had before is kept in {@code
     *     metric_restatement}; default false. Replays and redriven dead letters keep none
     */
    public record Sink(
            @DefaultValue(KafkaUser.SINK_GROUP) String group,
            @DefaultValue("2") int threads,
            @DefaultValue("1000") int batchRecords,
            @DefaultValue("16MB") DataSize batchBytes,
            @DefaultValue Deletions deletions,
            @DefaultValue("false") boolean keepRestatedValues) {

        public Sink {
            check(threads >= 1 && threads <= 64, "tributary.sink.threads", threads, "1 to 64");
            check(
                    batchRecords >= 1 && batchRecords <= 10_000,
                    "tributary.sink.batch-records",
                    batchRecords,
                    "1 to 10,000");
            check(
                    batchBytes.toMegabytes() >= 1 && batchBytes.toMegabytes() <= 256,
                    "tributary.sink.batch-bytes",
                    batchBytes.toBytes(),
                    "1 MB to 256 MB");
        }
    }

    /**
     * Limits of the deletions after a run with a complete listing, which deletes the items that it did not list.
     *
     * @param maxShare largest share of the items before the run, above 0 and up to 1, unless the integration's manifest
     *     sets another; default 0.5
     * @param alwaysAllowed rows that may be deleted whatever their share is, 0 and up; default 20
     */
    public record Deletions(
            @DefaultValue("0.5") double maxShare,
            @DefaultValue("20") int alwaysAllowed) {

        DeleteUnlisted.Bounds bounds() {
            return new DeleteUnlisted.Bounds(maxShare, alwaysAllowed);
        }
    }

    /**
     * The maintenance jobs: they remove content past its retention, and objects without references.
     *
     * @param retentionEvery time between rounds, 1 s and up; default 1 hour
     * @param orphansEvery the same, for objects; default 6 hours
     * @param orphanGrace time that an object without references is kept after the end of its month and after the
     *     records of that time, 1 hour and up; default 24 hours
     * @param erasureEvery time from the deletion of an account to its erasure, if a sink misses the request, 1 s and
     *     up; default 1 minute
     * @param erasureEventsEvery time between rounds that erase events and deliveries of deleted accounts, 1 s and up;
     *     default 6 hours
     * @param metricSumsEvery time between rounds that compute the sums of changed figures, 1 s and up; default 5
     *     minutes
     * @param batchRows most rows that a transaction checks, and so purges, 1 to 10,000; default 1,000
     * @param pause between two batches, 0 and up; default 100 ms
     */
    public record MaintenanceSettings(
            @DefaultValue("1h") Duration retentionEvery,
            @DefaultValue("6h") Duration orphansEvery,
            @DefaultValue("24h") Duration orphanGrace,
            @DefaultValue("1m") Duration erasureEvery,
            @DefaultValue("6h") Duration erasureEventsEvery,
            @DefaultValue("5m") Duration metricSumsEvery,
            @DefaultValue("1000") int batchRows,
            @DefaultValue("100ms") Duration pause) {

        public MaintenanceSettings {
            check(batchRows >= 1 && batchRows <= 10_000, "tributary.maintenance.batch-rows", batchRows, "1 to 10,000");
            checkAtLeast(retentionEvery, Duration.ofSeconds(1), "tributary.maintenance.retention-every");
            checkAtLeast(orphansEvery, Duration.ofSeconds(1), "tributary.maintenance.orphans-every");
            checkAtLeast(orphanGrace, Duration.ofHours(1), "tributary.maintenance.orphan-grace");
            checkAtLeast(erasureEvery, Duration.ofSeconds(1), "tributary.maintenance.erasure-every");
            checkAtLeast(erasureEventsEvery, Duration.ofSeconds(1), "tributary.maintenance.erasure-events-every");
            checkAtLeast(metricSumsEvery, Duration.ofSeconds(1), "tributary.maintenance.metric-sums-every");
            checkAtLeast(pause, Duration.ZERO, "tributary.maintenance.pause");
        }
    }

    private static void checkAtLeast(Duration value, Duration least, String key) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be at least " + least);
        }
    }

    private static void check(boolean holds, String key, long value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be " + range);
        }
    }
}
