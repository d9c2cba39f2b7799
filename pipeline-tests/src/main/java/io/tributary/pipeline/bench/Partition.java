package io.tributary.pipeline.bench;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;

/** Where records of an account go. */
final class Partition {

    private Partition() {}

    /** A new id for an account whose records go to that partition. */
    static UUID idOn(int partition, int partitions) {
        UUID id = UUID.randomUUID();
        while (of(id, partitions) != partition) {
            id = UUID.randomUUID();
        }
        return id;
    }

    /** As Kafka's producers place the key. */
    private static int of(UUID id, int partitions) {
        return Utils.toPositive(Utils.murmur2(id.toString().getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
