package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tributary.schemas.Control;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.standalone.servers.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** On the real registry. */
class AvroSerdeIT {

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void readsWhatItWroteOfEveryType() {
        AvroSerde<SpecificRecord> serde = serde(Map.of());
        Messages.generated(random).forEach(message -> {
            byte[] bytes = serde.serializer().serialize("topic", message);
            assertThat(serde.deserializer().deserialize("topic", bytes)).isEqualTo(message);
        });
    }

    @Test
    void readsAndWritesGenericRecordsBesideGeneratedOnes() {
        AvroSerde<SpecificRecord> generated = serde(Map.of());
        AvroSerde<GenericRecord> generic = serde(Map.of("specific.avro.reader", false));
        for (Schema schema : Messages.schemas()) {
            GenericRecord record = Messages.generic(schema, random);
            byte[] bytes = generic.serializer().serialize("topic", record);

            assertThat(generic.deserializer().deserialize("topic", bytes).toString())
                    .isEqualTo(record.toString());
            SpecificRecord read = generated.deserializer().deserialize("topic", bytes);
            assertThat(read).isEqualTo(Messages.generated(record));
            assertThat(generated.serializer().serialize("topic", read)).isEqualTo(bytes);
        }
        // One serializer for both, where the same schema comes first generated and then generic.
        AvroSerde<Object> both = serde(Map.of());
        GenericRecord record = Messages.generic(Task.SCHEMA$, random);
        assertThat(both.serializer().serialize("topic", Messages.generated(record)))
                .isEqualTo(both.serializer().serialize("topic", record));
    }

    @Test
    void leavesNullAlone() {
        AvroSerde<Task> serde = serde(Map.of());
        assertThat(serde.serializer().serialize("topic", null)).isNull();
        assertThat(serde.deserializer().deserialize("topic", null)).isNull();
    }

    @Test
    void keepsASubjectForEachRecordTypeUnlessTold() throws Exception {
        String topic = unique("topic");
        var message = Messages.generated(Messages.generic(Control.SCHEMA$, random));

        this.<SpecificRecord>serde(Map.of()).serializer().serialize(topic, message);
        this.<SpecificRecord>serde(Map.of("value.subject.name.strategy", "TopicNameStrategy"))
                .serializer()
                .serialize(topic, message);
        this.<SpecificRecord>serde(Map.of("value.subject.name.strategy", "TopicRecordNameStrategy"))
                .serializer()
                .serialize(topic, message);

        assertThat(ask("GET", "/subjects", ""))
                .contains("\"io.tributary.schemas.Control\"")
                .contains("\"" + topic + "-value\"")
                .contains("\"" + topic + "-io.tributary.schemas.Control\"");
    }

    @Test
    void refusesToWriteWhatIsNotRegisteredWhereItMustNotRegister() {
        AvroSerde<GenericRecord> lookup = serde(Map.of("auto.register.schemas", false));
        Schema schema = record("Unknown", "id");

        assertThatThrownBy(() -> lookup.serializer().serialize("topic", filled(schema)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("not known to the registry");

        this.<GenericRecord>serde(Map.of()).serializer().serialize("topic", filled(schema));
        assertThat(lookup.serializer().serialize("topic", filled(schema))).isNotEmpty();
    }

    @Test
    void saysThatTheRegistryRefusesAnIncompatibleSchema() {
        AvroSerde<GenericRecord> serde = serde(Map.of());
        String name = unique("Drop");
        serde.serializer().serialize("topic", filled(record(name, "id")));

        assertThatThrownBy(() -> serde.serializer().serialize("topic", filled(record(name, "id", "required"))))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("not compatible");
    }

    @Test
    void readsOlderAndNewerRecordsIntoTheClassAsItIs() {
        AvroSerde<Object> serde = serde(Map.of("value.subject.name.strategy", "TopicRecordNameStrategy"));
        Schema newer = changed(
                RunProgress.SCHEMA$,
                schema -> schema.replace(
                                "\"name\":\"spawned\"",
                                "\"name\":\"added_later\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"default\":[]},"
                                        + "{\"name\":\"spawned\"")
                        .replace("\"timed_out\"", "\"timed_out\",\"status_added_later\""));
        GenericRecord record = Messages.generic(RunProgress.SCHEMA$, random);
        var later = new GenericData.Record(newer);
        RunProgress.SCHEMA$.getFields().forEach(field -> later.put(field.name(), record.get(field.pos())));
        later.put("added_later", List.of("a", "b"));
        later.put("status", new GenericData.EnumSymbol(newer.getField("status").schema(), "status_added_later"));

        var read = (RunProgress)
                serde.deserializer().deserialize("topic", serde.serializer().serialize(unique("topic"), later));

        assertThat(read.getStatus()).isEqualTo(RunStatus.unknown);
        assertThat(read.getSpawned()).isEqualTo(record.get("spawned"));
        assertThat(read.getRunId())
                .isEqualTo(UUID.fromString(record.get("run_id").toString()));
    }

    @Test
    void writesAsTheLatestRegisteredSchemaByNameNotByPosition() {
        String topic = unique("topic");
        Map<String, Object> byTopic = Map.of("value.subject.name.strategy", "TopicNameStrategy");
        Schema reordered = SchemaBuilder.record("io.tributary.schemas.IntegrationManifest")
                .fields()
                .name("added_later")
                .type()
                .stringType()
                .stringDefault("as registered")
                .requiredString("version")
                .requiredString("domain")
                .endRecord();
        this.<GenericRecord>serde(byTopic)
                .serializer()
                .serialize(topic, filled(reordered)); // whoever deploys registers the latest schema beforehand
        var message = Messages.generic(Messages.schemas().getLast(), random); // the schema of this program
        var latest = new HashMap<>(byTopic);
        latest.putAll(Map.of("auto.register.schemas", false, "use.latest.version", true));

        byte[] bytes = this.<SpecificRecord>serde(latest).serializer().serialize(topic, Messages.generated(message));

        GenericRecord read = this.<GenericRecord>serde(Map.of("specific.avro.reader", false))
                .deserializer()
                .deserialize(topic, bytes);
        assertThat(read.getSchema().getFields()).hasSize(3);
        assertThat(read.get("domain").toString())
                .isEqualTo(message.get("domain").toString());
        assertThat(read.get("version").toString())
                .isEqualTo(message.get("version").toString());
        assertThat(read.get("added_later").toString()).isEqualTo("as registered");
    }

    @Test
    void refusesToWriteAsALatestSchemaThatCannotTakeItsRecords() {
        String topic = unique("topic");
        Map<String, Object> byTopic = Map.of("value.subject.name.strategy", "TopicNameStrategy");
        this.<GenericRecord>serde(byTopic).serializer().serialize(topic, filled(record("Other", "more")));
        var latest = new HashMap<>(byTopic);
        latest.putAll(Map.of("auto.register.schemas", false, "use.latest.version", true));

        assertThatThrownBy(() ->
                        this.<GenericRecord>serde(latest).serializer().serialize(topic, filled(record("Other", "id"))))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("cannot take the records of this program");
    }

    @Test
    void followsReferencesInTheRegistrysAnswers() throws Exception {
        String task = unique("task");
        String letter = unique("letter");
        ask("POST", "/subjects/" + task + "/versions", registration(Task.SCHEMA$.toString(), ""));
        String references =
                ", \"references\": [{\"name\": \"io.tributary.schemas.Task\", \"subject\": \"%s\", \"version\": 1}]"
                        .formatted(task);
        String nestedTask = Task.SCHEMA$.toString().replace("\"namespace\":\"io.tributary.schemas\",", "");
        String withoutTask = DeadLetter.SCHEMA$.toString().replace(nestedTask, "\"io.tributary.schemas.Task\"");
        assertThat(withoutTask).doesNotContain("sync_type");
        String answer = ask("POST", "/subjects/" + letter + "/versions", registration(withoutTask, references));
        int id = Integer.parseInt(answer.replaceAll("\\D", ""));

        SpecificRecord message = Messages.generated(Messages.generic(DeadLetter.SCHEMA$, random));
        AvroSerde<SpecificRecord> serde = serde(Map.of());
        byte[] bytes = serde.serializer().serialize("topic", message);
        ByteBuffer.wrap(bytes).putInt(1, id);

        assertThat(ask("GET", "/schemas/ids/" + id, "")).contains("\"references\"");
        assertThat(serde.deserializer().deserialize("topic", bytes)).isEqualTo(message);
    }

    @Test
    void setsApartBytesThatAreNoRecord() {
        AvroSerde<SpecificRecord> serde = serde(Map.of("schema.registry.unknown.id.wait.ms", 0));
        byte[] bytes =
                serde.serializer().serialize("topic", Messages.generated(Messages.generic(Task.SCHEMA$, random)));
        byte[] unknownId = bytes.clone();
        ByteBuffer.wrap(unknownId).putInt(1, 1_000_000_000);
        byte[] huge = Arrays.copyOf(bytes, 12); // the record begins with the length of its first string
        Arrays.fill(huge, 5, 9, (byte) 0xFF);
        huge[9] = 0x0F;

        for (byte[] broken : List.of(
                new byte[0],
                new byte[] {0, 0, 0, 0},
                new byte[] {1, 2, 3, 4, 5, 6},
                unknownId,
                huge,
                Arrays.copyOf(bytes, 5),
                Arrays.copyOf(bytes, bytes.length - 1))) {
            assertThatThrownBy(() -> serde.deserializer().deserialize("topic", broken))
                    .as(Arrays.toString(broken))
                    .isInstanceOf(SerializationException.class);
        }
    }

    @Test
    void setsApartBytesThatNestWithoutEnd() {
        String name = unique("Nested");
        Schema nested = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + name
                        + "\", \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"" + name + "\"]}]}");
        AvroSerde<GenericRecord> serde = serde(Map.of("specific.avro.reader", false));
        byte[] one = serde.serializer().serialize("topic", new GenericData.Record(nested));
        byte[] endless = Arrays.copyOf(one, 4_000_000);
        Arrays.fill(endless, 5, endless.length, (byte) 2); // the second branch, again and again

        assertThatThrownBy(() -> serde.deserializer().deserialize("topic", endless))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        AvroSerde<SpecificRecord> serde = serde(Map.of());
        List<SpecificRecord> messages = Messages.generated(random).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> roundTrips = () -> {
                for (int i = 0; i < 200; i++) {
                    SpecificRecord message = messages.get(i % messages.size());
                    byte[] bytes = serde.serializer().serialize("topic", message);
                    if (!message.equals(serde.deserializer().deserialize("topic", bytes))) {
                        return false;
                    }
                }
                return true;
            };
            for (var result : threads.invokeAll(Collections.nCopies(50, roundTrips))) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    private <T> AvroSerde<T> serde(Map<String, ?> settings) {
        var properties = new HashMap<String, Object>(settings);
        properties.put("schema.registry.url", TestServers.registry().url());
        var serde = new AvroSerde<T>();
        serde.configure(properties, false);
        return serde;
    }

    private static Schema record(String name, String... stringFields) {
        var fields = SchemaBuilder.record(name).namespace("it").fields();
        for (String field : stringFields) {
            fields.requiredString(field);
        }
        return fields.endRecord();
    }

    private static GenericRecord filled(Schema schema) {
        var record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), "value"));
        return record;
    }

    private static Schema changed(Schema schema, UnaryOperator<String> change) {
        return new Schema.Parser().parse(change.apply(schema.toString()));
    }

    private static String unique(String name) {
        return name + UUID.randomUUID().toString().replace("-", "");
    }

    private static String registration(String schema, String references) {
        return "{\"schemaType\": \"AVRO\", \"schema\": " + new TextNode(schema) + references + "}";
    }

    private static String ask(String method, String path, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(
                            URI.create(TestServers.registry().url() + path))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .build();
            var response = http.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }
}
