package io.tributary.sink.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.consume.Unreadable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {

    @Test
    void hasTheFieldsOfTheSchemaAsTextNumbersAndNulls() {
        var output = Output.newBuilder()
                .setRunId(new UUID(0, 1))
                .setRunSequence(9)
                .setTaskId(new UUID(0, 2))
                .setIndex(3)
                .setUserIntegrationId(new UUID(0, 4))
                .setDomain("imap")
                .setKind(OutputKind.content)
                .setExternalTimestamp(Instant.parse("2026-03-01T12:00:00.123Z"))
                .setName("nul \0 and \"quotes\"")
                .setMetadata("{\"a\":1}")
                .build();

        assertThat(RecordJson.of(output))
                .isEqualTo("{\"run_id\":\"00000000-0000-0000-0000-000000000001\",\"run_sequence\":9,"
                        + "\"task_id\":\"00000000-0000-0000-0000-000000000002\",\"index\":3,"
                        + "\"user_integration_id\":\"00000000-0000-0000-0000-000000000004\",\"domain\":\"imap\","
                        + "\"kind\":\"content\",\"external_id\":null,"
                        + "\"external_timestamp\":\"2026-03-01T12:00:00.123Z\","
                        + "\"name\":\"nul \ufffd and \\\"quotes\\\"\",\"code\":200,\"content\":null,"
                        + "\"content_ref\":null,\"metadata\":\"{\\\"a\\\":1}\",\"unified\":null,\"traceparent\":null}");
    }

    @Test
    void readsBackEveryFieldOfAnOutput() throws Unreadable {
        var output = new Output();
        for (Schema.Field field : output.getSchema().getFields()) {
            output.put(field.pos(), example(field.schema()));
        }

        assertThat(RecordJson.read(RecordJson.of(output), new Output())).isEqualTo(output);
    }

    /** A field of another type than these needs a case here, and maybe one in {@link RecordJson}. */
    private static Object example(Schema schema) {
        boolean plain = schema.getLogicalType() == null;
        return switch (schema.getType()) {
            case UNION -> example(schema.getTypes().getLast());
            case ENUM -> OutputKind.activity;
            case INT -> 7;
            case LONG -> plain ? (Object) 8L : Instant.parse("2026-03-01T12:00:00.123Z");
            case STRING -> plain ? (Object) "text" : new UUID(1, 2);
            default -> throw new AssertionError("no example of " + schema);
        };
    }

    @Test
    void readsAnOutputOfAnEarlierSchemaWithTheDefaultsOfThisOne() throws Unreadable {
        String id = new UUID(1, 2).toString();
        var read = RecordJson.read("""
            {"run_id": "%s", "task_id": "%s", "index": 1, "user_integration_id": "%s", "domain": "imap",
             "kind": "content", "metadata": "{}"}\
            """.formatted(id, id, id), new Output());

        assertThat(read.getIndex()).isEqualTo(1);
        assertThat(read.getCode()).isEqualTo(200);
        assertThat(read.getContent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"raw\": \"AAEC\"}", "{\"unparsed\": \"text\"}"})
    void readsNothingElseAsAnOutput(String json) {
        assertThatThrownBy(() -> RecordJson.read(json, new Output())).isInstanceOf(Unreadable.class);
    }

    @Test
    void keepsBytes() {
        byte[] bytes = {0, 1, 2};

        assertThat(RecordJson.bytes(RecordJson.ofBytes(ByteBuffer.wrap(bytes)))).isEqualTo(bytes);
        assertThat(RecordJson.bytes(RecordJson.ofBytes(null))).isNull();
    }

    @Test
    void nestsRecordsAndEncodesBytes() {
        var letter = DeadLetter.newBuilder()
                .setRaw(ByteBuffer.wrap(new byte[] {0, 1, 2}))
                .setErrorCode("code")
                .setMessage("message")
                .setAttempts(1)
                .setAt(Instant.EPOCH)
                .build();

        assertThat(RecordJson.of(letter)).contains("\"task\":null,\"output\":null,\"raw\":\"AAEC\"");
    }
}
