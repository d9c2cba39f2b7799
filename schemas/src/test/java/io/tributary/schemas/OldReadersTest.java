package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service of the version before reads the messages of this one: it meets kinds of outputs that it does not know. */
class OldReadersTest {

    private static final Path HISTORY = Path.of(System.getProperty("basedir", "."), "src/main/avro-history/Output");

    @ParameterizedTest
    @EnumSource(OutputKind.class)
    void theFirstReaderOfOutputsReadsEveryKind(OutputKind kind) throws IOException {
        Schema first = new Schema.Parser().parse(Files.readString(HISTORY.resolve("1.avsc")));

        GenericRecord read = read(write(output(kind)), first);

        boolean isKnown = first.getField("kind").schema().getEnumSymbols().contains(kind.name());
        assertThat(read.get("kind")).hasToString(isKnown ? kind.name() : "unknown");
        assertThat(read.get("external_id")).hasToString("p1");
        assertThat(read.get("content")).hasToString("{\"raw\":true}");
        assertThat(read.get("metadata")).hasToString("{\"a\":1}");
    }

    private static Output output(OutputKind kind) {
        return Output.newBuilder()
                .setRunId(new UUID(1, 1))
                .setTaskId(new UUID(2, 1))
                .setIndex(0)
                .setUserIntegrationId(new UUID(3, 1))
                .setDomain("facebook")
                .setKind(kind)
                .setExternalId("p1")
                .setExternalTimestamp(Instant.EPOCH)
                .setContent("{\"raw\":true}")
                .setMetadata("{\"a\":1}")
                .setUnified("{\"text\":\"Hello\"}")
                .build();
    }

    private static byte[] write(Output output) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(Output.class).write(output, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static GenericRecord read(byte[] bytes, Schema reader) throws IOException {
        return new GenericDatumReader<GenericRecord>(Output.getClassSchema(), reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
