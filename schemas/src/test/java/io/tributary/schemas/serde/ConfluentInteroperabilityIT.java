package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Task;
import io.tributary.standalone.servers.ConfluentClasses;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ours and Confluent's, on the real registry: what one writes, the other reads, for every type with every field set.
 */
class ConfluentInteroperabilityIT {

    private static final String STRATEGIES = "io.confluent.kafka.serializers.subject.";
    private static final String TOPIC = "topic";

    private static ConfluentClasses confluent;

    private final SplittableRandom random = new SplittableRandom(5);

    @BeforeAll
    static void load() {
        confluent = ConfluentClasses.ofAnotherProgram();
    }

    @AfterAll
    static void unload() throws IOException {
        confluent.close();
    }

    @ParameterizedTest
    @MethodSource("io.tributary.schemas.serde.Messages#schemas")
    void exchangeGeneratedRecords(Schema schema) {
        SpecificRecord message = Messages.generated(Messages.generic(schema, random));
        AvroSerde<SpecificRecord> ours = ours(Map.of());
        byte[] fromUs = ours.serializer().serialize(TOPIC, message);

        Object theirMessage = confluent
                .deserializer(theirs(Map.of("specific.avro.reader", true)))
                .call(TOPIC, fromUs);
        byte[] fromThem = (byte[]) confluent.serializer(theirs(Map.of())).call(TOPIC, theirMessage);

        assertThat(theirMessage.getClass().getName()).isEqualTo(schema.getFullName());
        assertThat(theirMessage.getClass()).isNotEqualTo(message.getClass());
        assertThat(theirMessage.toString()).isEqualTo(message.toString());
        assertThat(ours.deserializer().deserialize(TOPIC, fromThem)).isEqualTo(message);
        assertThat(fromThem).isEqualTo(fromUs);
    }

    @ParameterizedTest
    @MethodSource("io.tributary.schemas.serde.Messages#schemas")
    void exchangeGenericRecords(Schema schema) {
        GenericRecord message = Messages.generic(schema, random);
        AvroSerde<GenericRecord> ours = ours(Map.of("specific.avro.reader", false));
        byte[] fromUs = ours.serializer().serialize(TOPIC, message);

        Object theirMessage = confluent.deserializer(theirs(Map.of())).call(TOPIC, fromUs);
        byte[] fromThem = (byte[]) confluent.serializer(theirs(Map.of())).call(TOPIC, theirMessage);

        assertThat(theirMessage.toString()).isEqualTo(message.toString());
        assertThat(ours.deserializer().deserialize(TOPIC, fromThem).toString()).isEqualTo(message.toString());
        assertThat(fromThem).isEqualTo(fromUs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"})
    void findWhatTheOtherRegistered(String strategy) {
        Map<String, Object> lookup =
                Map.of("auto.register.schemas", false, "value.subject.name.strategy", STRATEGIES + strategy);
        Map<String, Object> register = Map.of("value.subject.name.strategy", STRATEGIES + strategy);
        SpecificRecord message = Messages.generated(Messages.generic(Task.SCHEMA$, random));
        String ourTopic = "ours-" + UUID.randomUUID();
        String theirTopic = "theirs-" + UUID.randomUUID();

        byte[] fromUs = this.<SpecificRecord>ours(register).serializer().serialize(ourTopic, message);
        Object theirMessage = confluent
                .deserializer(theirs(Map.of("specific.avro.reader", true)))
                .call(ourTopic, fromUs);
        assertThat(confluent.serializer(theirs(lookup)).call(ourTopic, theirMessage))
                .isEqualTo(fromUs);

        Object fromThem = confluent.serializer(theirs(register)).call(theirTopic, theirMessage);
        assertThat(this.<SpecificRecord>ours(lookup).serializer().serialize(theirTopic, message))
                .isEqualTo(fromThem);
    }

    @Test
    void theirsCanDoTheWorkOfOurs() throws IOException {
        try (var loaded = ConfluentClasses.ofOurProgram()) {
            for (Schema schema : Messages.schemas()) {
                SpecificRecord message = Messages.generated(Messages.generic(schema, random));
                byte[] fromOurs =
                        this.<SpecificRecord>ours(Map.of()).serializer().serialize(TOPIC, message);

                AvroSerde<SpecificRecord> swapped = loaded.inside(() -> ours(Map.of("tributary.serde", "confluent")));

                assertThat(swapped.serializer().serialize(TOPIC, message)).isEqualTo(fromOurs);
                assertThat(swapped.deserializer().deserialize(TOPIC, fromOurs)).isEqualTo(message);
            }
        }
    }

    private <T> AvroSerde<T> ours(Map<String, ?> settings) {
        var serde = new AvroSerde<T>();
        serde.configure(withRegistry(settings), false);
        return serde;
    }

    private static Map<String, Object> theirs(Map<String, ?> settings) {
        Map<String, Object> all = withRegistry(settings);
        all.putIfAbsent("value.subject.name.strategy", STRATEGIES + "RecordNameStrategy");
        return all;
    }

    private static Map<String, Object> withRegistry(Map<String, ?> settings) {
        var all = new HashMap<String, Object>(settings);
        all.put("schema.registry.url", TestServers.registry().url());
        return all;
    }
}
