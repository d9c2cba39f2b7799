package io.tributary.pipeline.bench;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;

/** Ids of accounts whose records go where a benchmark wants them. */
final class AccountIds {

    private AccountIds() {}

    /** A new id for an account whose records go to that partition. */
    static UUID on(int partition, int partitions) {
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
