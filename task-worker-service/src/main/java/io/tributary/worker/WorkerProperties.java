package io.tributary.worker;

import io.tributary.content.ContentSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the worker, under {@code tributary}.
 *
 * @param topics how the topics are called and made
 * @param schemaRegistry where schemas are registered
 * @param credentials the key that opens credentials
 * @param http what plugins may connect to
 * @param plugins where plugins are
 * @param content where content goes that is too large for a record
 * @param worker the engine
 */
@ConfigurationProperties("tributary")
public record WorkerProperties(
        @DefaultValue TopicSettings topics,
        SchemaRegistry schemaRegistry,
        CredentialsKey credentials,
        @DefaultValue Http http,
        @DefaultValue PluginFolders plugins,
        @DefaultValue ContentSettings content,
        @DefaultValue Engine worker) {

    /**
     * @param prefix what the topics' names start with; default {@code sync}
     * @param partitions partitions of each topic, for those this process creates; default 8
     * @param replicationFactor copies of each partition, likewise; default 1
     */
    public record TopicSettings(
            @DefaultValue("sync") String prefix,
            @DefaultValue("8") int partitions,
            @DefaultValue("1") short replicationFactor) {}

    /** @param url base URL of a registry with Confluent's API */
    public record SchemaRegistry(String url) {}

    /** @param keyset file of a Tink AEAD keyset in JSON, the same that the scheduler uses */
    public record CredentialsKey(Path keyset) {}

    /** @param allowPrivateAddresses whether plugins may connect to private and loopback addresses; default false */
    public record Http(@DefaultValue("false") boolean allowPrivateAddresses) {}

    /** @param directories plugin folders, or folders of plugins; default {@code plugins} */
    public record PluginFolders(@DefaultValue("plugins") List<Path> directories) {}

    /**
     * @param threads stream threads, 1 to the number of partitions; default 2
     * @param instanceId stable name of this worker among those of the group, so that a restart takes its partitions up
     *     again without a rebalance; null: none
     * @param stateDirectory where Kafka Streams keeps its state; default {@code state} in the temporary folder
     * @param persistentStore keep waiting tasks in RocksDB rather than in memory: slower, for backlogs beyond the heap;
     *     default false
     * @param runDeadline how long a run may take, 1 s and up; then it ends as timed out; default 7 days
     * @param progressDeadline how long a run may go without a task that ends, 1 s and up; then it is flagged with its
     *     cause, and goes on; default 15 minutes
     * @param sessionTimeoutMillis after which a worker that is silent loses its partitions, 1,000 and up, within what
     *     the broker allows (6,000 by default); default 6,000
     */
    public record Engine(
            @DefaultValue("2") int threads,
            @Nullable String instanceId,

            @DefaultValue("${java.io.tmpdir}/tributary-state")
            Path stateDirectory,

            @DefaultValue("false") boolean persistentStore,
            @DefaultValue("7d") Duration runDeadline,
            @DefaultValue("15m") Duration progressDeadline,
            @DefaultValue("6000") int sessionTimeoutMillis) {}
}
