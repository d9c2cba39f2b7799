package io.tributary.edge;

import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the edge.
 *
 * @param topics how the topics are named and created, as in the other services
 * @param schemaRegistry the schema registry
 * @param credentials the keyset that opens the secrets of endpoints
 * @param edge limits
 */
@ConfigurationProperties("tributary")
public record EdgeProperties(
        @DefaultValue TopicSettings topics,
        @DefaultValue Registry schemaRegistry,
        @DefaultValue Credentials credentials,
        @DefaultValue Limits edge) {

    /**
     * The topics.
     *
     * @param prefix prefix of every name; default {@code sync}
     * @param partitions of each topic that is created, 1 to 1,000; default 8
     * @param replicationFactor of each topic that is created, 1 to the number of brokers; default 3
     * @param allowSingleReplica whether topics may have one copy only; default false
     */
    public record TopicSettings(
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix,
            @DefaultValue("8") int partitions,
            @DefaultValue("3") short replicationFactor,
            @DefaultValue("false") boolean allowSingleReplica) {

        PrepareTopics prepare() {
            return new PrepareTopics(new Topics(prefix), partitions, replicationFactor, allowSingleReplica);
        }
    }

    /**
     * The schema registry.
     *
     * @param url base URL of the registry's Confluent API; must be set
     */
    public record Registry(@Nullable String url) {}

    /**
     * What opens secrets.
     *
     * @param keyset path of the Tink JSON keyset that the scheduler seals with; must be set
     */
    public record Credentials(@Nullable Path keyset) {}

    /**
     * Limits of this replica.
     *
     * @param requestsPerSecond requests of one address in the long run, 1 to 1,000,000; default 10,000
     * @param burst such requests at once, 1 to 1,000,000; default 20,000
     * @param bodyTimeout longest time in which a body arrives, 1 s to 1 min; default 10 s
     * @param storeTimeout longest wait for Kafka's confirmation, 1 s to 1 min; default 5 s
     * @param memoryMegabytes bodies held at a time, 2 to 4,096 MB; default 64
     */
    public record Limits(
            @DefaultValue("10000") int requestsPerSecond,
            @DefaultValue("20000") int burst,
            @DefaultValue("10s") Duration bodyTimeout,
            @DefaultValue("5s") Duration storeTimeout,
            @DefaultValue("64") int memoryMegabytes) {

        public Limits {
            check(requestsPerSecond, 1, 1_000_000, "tributary.edge.requests-per-second");
            check(burst, 1, 1_000_000, "tributary.edge.burst");
            check(bodyTimeout.toMillis(), 1_000, 60_000, "tributary.edge.body-timeout in ms");
            check(storeTimeout.toMillis(), 1_000, 60_000, "tributary.edge.store-timeout in ms");
            check(memoryMegabytes, 2, 4_096, "tributary.edge.memory-megabytes");
        }

        private static void check(long value, long least, long most, String name) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " is " + value + "; it must be " + least + " to " + most);
            }
        }
    }
}
