package io.tributary.scheduler.kafka;

import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the topics are named and created.
 *
 * @param prefix prefix of every name; default {@code sync}
 * @param partitions of each topic that is created, 1 to 1,000; default 8
 * @param replicationFactor of each topic that is created, 1 to the number of brokers; default 3
 * @param allowSingleReplica whether topics may have one copy only; default false
 */
@ConfigurationProperties("tributary.topics")
record TopicsProperties(String prefix, int partitions, short replicationFactor, boolean allowSingleReplica) {

    PrepareTopics prepare() {
        return new PrepareTopics(new Topics(prefix), partitions, replicationFactor, allowSingleReplica);
    }
}
