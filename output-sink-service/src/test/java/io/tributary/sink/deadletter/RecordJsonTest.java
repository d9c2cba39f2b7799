package io.tributary.sink.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

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
                        + "\"content_ref\":null,\"metadata\":\"{\\\"a\\\":1}\"}");
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
