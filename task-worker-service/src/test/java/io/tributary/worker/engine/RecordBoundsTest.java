package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.worker.codec.MessageCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** No record that the engine sends is larger than a broker accepts, whatever is in it. */
class RecordBoundsTest {

    private static final String NINE_MEGABYTES = "\u00e9".repeat(4_500_000);

    private final MessageCodec codec = PlainAvro.codec();
    private final UUID id = UUID.randomUUID();

    @Test
    void cutsTheTextsOfAFailureWhereItIsMade() {
        var failed = new Outcome.Failed(Outcome.Kind.PERMANENT, NINE_MEGABYTES, NINE_MEGABYTES);
        var throttled = new Outcome.Throttled(NINE_MEGABYTES, NINE_MEGABYTES, Duration.ZERO);

        assertThat(PlainAvro.write(failed.asRunError())).hasSizeLessThan(5_000);
        assertThat(throttled.code() + throttled.message()).hasSizeLessThan(5_000);
        assertThat(failed.message()).endsWith("\u00e9... (cut)");
    }

    @Test
    void cutsTheTextsOfADeadLetter() {
        byte[] letter = codec.encode(
                "dead-letters",
                letter().setErrorCode(NINE_MEGABYTES)
                        .setMessage(NINE_MEGABYTES)
                        .setStack(NINE_MEGABYTES)
                        .setOutput(output(NINE_MEGABYTES))
                        .build());

        assertThat(letter).hasSizeLessThan(30_000);
    }

    @Test
    void cutsTheNameOfAnItem() {
        byte[] output = codec.encode("output", output(NINE_MEGABYTES));

        assertThat(output).hasSizeLessThan(9_000);
        assertThat(((Output) PlainAvro.read(output)).getName())
                .startsWith("\u00e9\u00e9")
                .endsWith("(cut)");
    }

    @Test
    void keepsTheBeginningOfAnUnreadableRecordThatDoesNotFitADeadLetter() {
        byte[] letter = codec.encode(
                "dead-letters",
                letter().setRaw(ByteBuffer.allocate(Topics.MAX_RECORD_BYTES)).build());

        var read = (DeadLetter) PlainAvro.read(letter);
        assertThat(letter).hasSizeLessThan(100_000);
        assertThat(read.getRaw().remaining()).isEqualTo(64 * 1024);
        assertThat(read.getMessage()).startsWith("It is broken.").contains("65536 bytes");
    }

    @Test
    void dropsAStateThatDoesNotFitTheEndOfARun() {
        byte[] encoded = codec.encode(
                "output",
                RunProgress.newBuilder()
                        .setRunId(id)
                        .setUserIntegrationId(id)
                        .setSpawned(0)
                        .setCompleted(1)
                        .setFailed(0)
                        .setOutputs(0)
                        .setStatus(RunStatus.failed)
                        .setSyncState(NINE_MEGABYTES)
                        .setError(new RunError("test.broken", NINE_MEGABYTES, "permanent"))
                        .setAt(Instant.EPOCH)
                        .build());

        assertThat(encoded).hasSizeLessThan(10_000);
        assertThat(((RunProgress) PlainAvro.read(encoded)).getError().getCode()).isEqualTo("test.broken");
    }

    private static DeadLetter.Builder letter() {
        return DeadLetter.newBuilder()
                .setErrorCode("test.broken")
                .setMessage("It is broken.")
                .setAttempts(1)
                .setAt(Instant.EPOCH);
    }

    private Output output(String name) {
        return Output.newBuilder()
                .setRunId(id)
                .setTaskId(id)
                .setIndex(0)
                .setUserIntegrationId(id)
                .setDomain("test")
                .setKind(OutputKind.content)
                .setName(name)
                .setMetadata("{}")
                .build();
    }
}
