package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.standalone.servers.KafkaServer;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void fitIntoTheEmbeddedBroker() {
        assertThat(Topics.MAX_RECORD_BYTES).isLessThan(KafkaServer.MAX_MESSAGE_BYTES);
    }

    @Test
    void shareTheirPartitionCountButForTheCompactedOnes() {
        assertThat(new Topics("x").definitions(8, (short) 1))
                .filteredOn(topic -> topic.numPartitions() != 8)
                .extracting(topic -> topic.name())
                .containsExactly("x.integrations", "x.webhook-endpoints");
    }
}
