package io.tributary.sink;

import io.tributary.content.ContentSettings;
import io.tributary.schemas.Topics;
import io.tributary.sink.output.DeletionBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sink, under {@code tributary}; a value out of range stops the start.
 *
 * @param content where workers put large content, whose orphans the sink collects; default: there is no store
 */
@ConfigurationProperties("tributary")
public record SinkProperties(
        @DefaultValue TopicSettings topics,
        SchemaRegistry schemaRegistry,
        @DefaultValue Sink sink,
        @DefaultValue ContentSettings content,
        @DefaultValue UpkeepSettings upkeep) {

    /**
     * The topics, made at start where they are missing.
     *
     * @param prefix what their names start with; default {@code sync}
     * @param partitions 1 to 1,000; default 8
     * @param replicationFactor 1 to the number of brokers; default 1
     */
    public record TopicSettings(
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix,
            @DefaultValue("8") int partitions,
            @DefaultValue("1") short replicationFactor) {

        public TopicSettings {
            check(partitions >= 1 && partitions <= 1_000, "tributary.topics.partitions", partitions, "1 to 1,000");
            check(replicationFactor >= 1, "tributary.topics.replication-factor", replicationFactor, "1 and up");
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
     * @param threads consumers, each with a connection to Postgres, 1 to 64; more than partitions are idle; default 2
     * @param batchRecords records in a transaction at most, 1 to 10,000; default 1,000. More cost memory and latency and
     *     save little
     * @param deletions what may be deleted unasked
     */
    public record Sink(
            @DefaultValue("tributary-sink") String group,
            @DefaultValue("2") int threads,
            @DefaultValue("1000") int batchRecords,
            @DefaultValue Deletions deletions) {

        public Sink {
            check(threads >= 1 && threads <= 64, "tributary.sink.threads", threads, "1 to 64");
            check(
                    batchRecords >= 1 && batchRecords <= 10_000,
                    "tributary.sink.batch-records",
                    batchRecords,
                    "1 to 10,000");
        }
    }

    /**
     * How many items may be deleted at once for not being on the lists of a run that listed everything.
     *
     * @param maxShare of the items there were, above 0 and up to 1, where the integration's manifest says nothing else;
     *     default 0.5
     * @param alwaysAllowed rows that may be deleted whatever their share is, 0 and up; default 20
     */
    public record Deletions(
            @DefaultValue("0.5") double maxShare,
            @DefaultValue("20") int alwaysAllowed) {

        DeletionBounds bounds() {
            return new DeletionBounds(maxShare, alwaysAllowed);
        }
    }

    /**
     * What comes round: content past its retention, and objects nothing refers to.
     *
     * @param retentionEvery time between rounds, 1 s and up; default 1 hour
     * @param orphansEvery the same, for objects; default 6 hours
     * @param orphanGrace how long after its month, and after the records of that time, an object is kept that nothing
     *     refers to, 1 hour and up; default 24 hours
     * @param batchRows rows looked at, and so purged, in a transaction at most, 1 to 10,000; default 1,000
     * @param pause between two batches, 0 and up; default 100 ms
     */
    public record UpkeepSettings(
            @DefaultValue("1h") Duration retentionEvery,
            @DefaultValue("6h") Duration orphansEvery,
            @DefaultValue("24h") Duration orphanGrace,
            @DefaultValue("1000") int batchRows,
            @DefaultValue("100ms") Duration pause) {

        public UpkeepSettings {
            check(batchRows >= 1 && batchRows <= 10_000, "tributary.upkeep.batch-rows", batchRows, "1 to 10,000");
            checkAtLeast(retentionEvery, Duration.ofSeconds(1), "tributary.upkeep.retention-every");
            checkAtLeast(orphansEvery, Duration.ofSeconds(1), "tributary.upkeep.orphans-every");
            checkAtLeast(orphanGrace, Duration.ofHours(1), "tributary.upkeep.orphan-grace");
            checkAtLeast(pause, Duration.ZERO, "tributary.upkeep.pause");
        }
    }

    private static void checkAtLeast(Duration value, Duration least, String key) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be at least " + least);
        }
    }

    private static void check(boolean holds, String key, int value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be " + range);
        }
    }
}
