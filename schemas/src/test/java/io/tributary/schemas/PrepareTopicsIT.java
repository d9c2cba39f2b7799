package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.standalone.servers.TestServers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The topics at the start of a service, on a real broker. */
class PrepareTopicsIT {

    private final Topics topics = new Topics("prepare-" + UUID.randomUUID());
    private Admin admin;

    @SuppressWarnings("NullAway.Init") // connect() sets it
    PrepareTopicsIT() {}

    @BeforeEach
    void connect() {
        admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()));
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void createsTheTopicsAndCountsTheirPartitions() {
        var prepare = new PrepareTopics(topics, 3, (short) 1, true);

        assertThat(prepare.prepare(admin, List.of())).isEqualTo(3);
        assertThat(prepare.prepare(admin, List.of("not-there"))).as("again").isEqualTo(3);
    }

    @Test
    void refusesASingleReplicaOfSeveralBrokersUnlessItIsAllowed() {
        assertThatThrownBy(() -> new PrepareTopics(topics, 3, (short) 1, false).prepare(admin, List.of(), 3))
                .isInstanceOf(TopicsException.class)
                .hasMessageStartingWith("topics.singleReplica: ")
                .hasMessageContaining("tributary.topics.allow-single-replica=true");

        topics.createMissing(admin, 3, (short) 1);
        assertThatThrownBy(() -> new PrepareTopics(topics, 3, (short) 3, false).prepare(admin, List.of(), 3))
                .isInstanceOf(TopicsException.class)
                .hasMessageStartingWith("topics.singleReplica: ")
                .hasMessageContaining(topics.output());
        assertThat(new PrepareTopics(topics, 3, (short) 3, true).prepare(admin, List.of(), 3))
                .isEqualTo(3);
    }

    @Test
    void makesOneCopyWithOneBroker() {
        var prepare = new PrepareTopics(topics, 3, (short) 3, false);

        assertThat(prepare.prepare(admin, List.of())).isEqualTo(3);
        assertThat(prepare.copies(admin)).isEqualTo((short) 1);
    }

    @Test
    void saysThatThereAreTooFewBrokers() {
        assertThatThrownBy(() -> new PrepareTopics(topics, 3, (short) 3, false).prepare(admin, List.of(), 2))
                .isInstanceOf(TopicsException.class)
                .hasMessageStartingWith("topics.tooFewBrokers: ");
    }

    @Test
    void refusesTopicsWithDifferentNumbersOfPartitions() throws Exception {
        var four = topics.definitions(4, (short) 1).stream()
                .filter(topic -> topic.name().equals(topics.tasks()))
                .toList();
        admin.createTopics(four).all().get();
        var prepare = new PrepareTopics(topics, 3, (short) 1, true);

        assertThatThrownBy(() -> prepare.prepare(admin, List.of()))
                .isInstanceOf(TopicsException.class)
                .hasMessageStartingWith("topics.partitionsDiffer: ")
                .hasMessageContaining(topics.tasks() + "=4")
                .hasMessageContaining(topics.control() + "=3");
    }

    @Test
    void raisesTheNumberOfCopiesThatConfirmARecord() throws Exception {
        var prepare = new PrepareTopics(topics, 2, (short) 1, true);
        prepare.prepare(admin, List.of());
        var output = new ConfigResource(ConfigResource.Type.TOPIC, topics.output());
        var zero = new AlterConfigOp(new ConfigEntry("min.insync.replicas", ""), AlterConfigOp.OpType.DELETE);
        admin.incrementalAlterConfigs(Map.of(output, (Collection<AlterConfigOp>) List.of(zero)))
                .all()
                .get();

        prepare.prepare(admin, List.of());

        var config = admin.describeConfigs(List.of(output)).all().get().get(output);
        assertThat(Integer.parseInt(config.get("min.insync.replicas").value())).isOne();
    }

    @Test
    void toleratesTheLossOfOneCopyAndNoMore() {
        assertThat(List.of(1, 2, 3, 4, 5).stream().map(PrepareTopics::minInsyncReplicas))
                .containsExactly(1, 1, 2, 2, 2);
        assertThat(topics.definitions(8, (short) 3))
                .allSatisfy(topic -> assertThat(topic.configs()).containsEntry("min.insync.replicas", "2"));
    }
}
