package io.tributary.worker;

import io.tributary.content.ContentSettings;
import io.tributary.egress.OAuthClients;
import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import io.tributary.telemetry.TraceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the worker, under {@code tributary}.
 *
 * @param topics names and settings of the topics
 * @param schemaRegistry the schema registry
 * @param credentials the key that opens credentials
 * @param http addresses that plugins may connect to
 * @param oauth the deployment's OAuth2 clients
 * @param plugins folders of plugins
 * @param content store of content that is too large for a record
 * @param tracing where traces go; default: no span is recorded
 * @param worker the engine
 */
@ConfigurationProperties("tributary")
public record WorkerProperties(
        @DefaultValue TopicSettings topics,
        SchemaRegistry schemaRegistry,
        CredentialsKey credentials,
        @DefaultValue Http http,
        @DefaultValue OAuth oauth,
        @DefaultValue PluginFolders plugins,
        @DefaultValue ContentSettings content,
        @DefaultValue TraceSettings tracing,
        @DefaultValue Engine worker) {

    /**
     * @param prefix prefix of the topics' names; default {@code sync}
     * @param partitions partitions of each topic that this process creates; default 8
     * @param replicationFactor copies of each partition, also of the topics of Kafka Streams; default 3
     * @param allowSingleReplica whether topics may have one copy only; default false
     */
    public record TopicSettings(
            @DefaultValue("sync") String prefix,
            @DefaultValue("8") int partitions,
            @DefaultValue("3") short replicationFactor,
            @DefaultValue("false") boolean allowSingleReplica) {

        PrepareTopics prepare() {
            return new PrepareTopics(new Topics(prefix), partitions, replicationFactor, allowSingleReplica);
        }
    }

    /** @param url base URL of a registry with Confluent's API */
    public record SchemaRegistry(String url) {}

    /** @param keyset file of a Tink AEAD keyset in JSON, the same that the scheduler uses */
    public record CredentialsKey(Path keyset) {}

    /** @param allowPrivateAddresses whether plugins may connect to private and loopback addresses; default false */
    public record Http(@DefaultValue("false") boolean allowPrivateAddresses) {}

    /**
     * @param clients the deployment's client at the provider, by domain, the same as of the scheduler: accounts have a
     *     reference to it, and renewals resolve it; default none
     */
    public record OAuth(@Nullable Map<String, OAuthClients.Registered> clients) {}

    /**
     * @param directories plugin folders, or folders of plugins; default {@code plugins}
     * @param waitForMissing how long tasks wait whose integration or task type this worker does not have, from the
     *     first of them, 0 and up: during a roll-out other workers have it; then they fail. Default 5 minutes
     * @param announceOlder whether this worker announces its manifests although newer versions were announced: after a
     *     deployment is taken back; default false
     */
    public record PluginFolders(
            @DefaultValue("plugins") List<Path> directories,
            @DefaultValue("5m") Duration waitForMissing,
            @DefaultValue("false") boolean announceOlder) {}

    /**
     * @param threads stream threads, 1 to the number of partitions; default 2
     * @param instanceId stable and unique name of this worker, so that it gets its partitions back without a rebalance
     *     after a restart; null: none
     * @param stateDirectory folder for the state of Kafka Streams; default {@code state} in the temporary folder
     * @param persistentStore keep waiting tasks in RocksDB rather than in memory: slower, for backlogs beyond the heap;
     *     default false
     * @param maxStateSize largest sync state of a run, as JSON, 1 KB to 2 MB; a task that makes it larger fails with
     *     {@code polling.stateTooLarge}; default 512 KB
     * @param runDeadline longest time of a run, 1 s and up; then it ends as timed out; default 7 days
     * @param progressDeadline longest time of a run without the end of a task, 1 s and up; then it is flagged with its
     *     cause, and continues; default 15 minutes
     * @param sessionTimeoutMillis after which a worker that is silent loses its partitions, 1,000 and up, within what
     *     the broker allows (6,000 by default); default 6,000
     */
    public record Engine(
            @DefaultValue("2") int threads,
            @Nullable String instanceId,

            @DefaultValue("${java.io.tmpdir}/tributary-state")
            Path stateDirectory,

            @DefaultValue("false") boolean persistentStore,
            @DefaultValue("512KB") DataSize maxStateSize,
            @DefaultValue("7d") Duration runDeadline,
            @DefaultValue("15m") Duration progressDeadline,
            @DefaultValue("6000") int sessionTimeoutMillis) {}
}
