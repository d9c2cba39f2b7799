package io.tributary.scheduler.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the topics are named and made.
 *
 * @param prefix what every name starts with; default {@code sync}
 * @param partitions of each topic when it is made, 1 to 1,000; default 8
 * @param replicationFactor of each topic when it is made, 1 to the number of brokers; default 1
 */
@ConfigurationProperties("tributary.topics")
record TopicsProperties(String prefix, int partitions, short replicationFactor) {
    TopicsProperties {
        if (partitions < 1 || partitions > 1000) {
            throw new IllegalArgumentException(
                    "tributary.topics.partitions is " + partitions + "; it must be 1 to 1,000");
        }
        if (replicationFactor < 1) {
            throw new IllegalArgumentException(
                    "tributary.topics.replication-factor is " + replicationFactor + "; it must be 1 and up");
        }
    }
}
