package io.tributary.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.SinkDatabase;
import io.tributary.sink.consume.ReadMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters that cannot be redriven. */
class RedriveOutputsIT {

    private final SinkDatabase database = SinkDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void oneThatCannotBeMappedDoesNotBlockThoseBehindIt() {
        var progress = RunProgress.newBuilder()
                .setRunId(new UUID(1, 1))
                .setUserIntegrationId(new UUID(1, 2))
                .setSpawned(0)
                .setCompleted(0)
                .setFailed(0)
                .setOutputs(0)
                .setStatus(RunStatus.running)
                .setAt(Instant.EPOCH)
                .build();
        var readMessage = new ReadMessage((topic, bytes) -> {
            if (bytes.length > 0) {
                return progress; // no dead letter at all
            }
            throw new SerializationException("unreadable");
        });
        var redrive = new RedriveOutputs(database.postgres(), readMessage, Clock.systemUTC());
        requested(1, "x");
        requested(2, "");

        int handled = 0;
        while (handled < 10 && redrive.next()) {
            handled++;
        }

        assertThat(handled).isEqualTo(2);
        assertThat(database.count("select count(*) from dead_letter where redrive_asked_at is null and redrive_error is"
                        + " not null"))
                .isEqualTo(2);
    }

    private void requested(int offset, String message) {
        database.owner()
                .update(
                        "insert into dead_letter (kafka_partition, kafka_offset, error_code, error_message,"
                                + " fingerprint, attempts, record, message, created_at, redrive_asked_at) values (0, ?,"
                                + " 'polling.outputSaveFailed', 'm', 'f', 1, '{}', ?::bytea, now(), now())",
                        offset,
                        message);
    }
}
