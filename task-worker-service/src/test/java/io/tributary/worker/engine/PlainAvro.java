package io.tributary.worker.engine;

import io.tributary.schemas.Topics;
import io.tributary.worker.codec.MessageCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Avro without a registry, for tests that do no I/O: the record's name, a zero, its binary form. */
final class PlainAvro {

    private PlainAvro() {}

    static MessageCodec codec() {
        return new MessageCodec(new Topics("sync"), (topic, message) -> write(message), (topic, bytes) -> read(bytes));
    }

    static byte[] write(SpecificRecord message) {
        try {
            var out = new ByteArrayOutputStream();
            out.write(message.getSchema().getFullName().getBytes(StandardCharsets.UTF_8));
            out.write(0);
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<SpecificRecord>(message.getSchema(), SpecificData.getForClass(message.getClass()))
                    .write(message, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SpecificRecord read(byte[] bytes) {
        try {
            int end = 0;
            while (bytes[end] != 0) {
                end++;
            }
            Class<?> type = Class.forName(new String(bytes, 0, end, StandardCharsets.UTF_8));
            var schema = SpecificData.get().getSchema(type);
            byte[] body = Arrays.copyOfRange(bytes, end + 1, bytes.length);
            return new SpecificDatumReader<SpecificRecord>(schema, schema, SpecificData.getForClass(type))
                    .read(null, DecoderFactory.get().binaryDecoder(body, null));
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            throw new SerializationException("not a message", e);
        }
    }
}
