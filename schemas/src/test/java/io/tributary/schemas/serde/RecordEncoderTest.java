package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {

    private static final Schema EVERYTHING = SchemaBuilder.record("Everything")
            .fields()
            .requiredBoolean("boolean")
            .requiredInt("int")
            .requiredLong("long")
            .requiredFloat("float")
            .requiredDouble("double")
            .requiredString("string")
            .requiredBytes("bytes")
            .name("fixed")
            .type(SchemaBuilder.fixed("Four").size(4))
            .noDefault()
            .name("array")
            .type(SchemaBuilder.array().items().longType())
            .noDefault()
            .name("map")
            .type(SchemaBuilder.map().values().stringType())
            .noDefault()
            .name("nothing")
            .type(SchemaBuilder.builder().nullType())
            .noDefault()
            .optionalString("union")
            .endRecord();

    @Test
    void writesAndReadsEveryTypeAsAvroDoes() throws Exception {
        var random = new SplittableRandom(42);
        for (int i = 0; i < 1_000; i++) {
            GenericRecord record = everything(random);

            byte[] bytes = encoded(new RecordEncoder(), record);

            assertThat(body(bytes)).isEqualTo(byAvro(record));
            assertThat(new GenericDatumReader<GenericRecord>(EVERYTHING)
                            .read(null, new BoundedDecoder(bytes, RecordEncoder.HEADER_BYTES)))
                    .isEqualTo(record);
        }
    }

    @Test
    void putsTheMagicByteAndTheIdBeforeTheRecord() {
        var encoder = new RecordEncoder();
        encoder.begin(0x01020384);
        assertThat(encoder.bytes()).containsExactly(0, 1, 2, 3, 0x84);
    }

    @Test
    void writesALargeRecordAndASmallOneAfterIt() throws Exception {
        var encoder = new RecordEncoder();
        GenericRecord record = everything(new SplittableRandom(7));
        byte[] alone = encoded(new RecordEncoder(), record);
        record.put("string", "x".repeat(1_000_000));
        assertThat(body(encoded(encoder, record))).isEqualTo(byAvro(record));

        record.put("string", everything(new SplittableRandom(7)).get("string"));
        assertThat(encoded(encoder, record)).isEqualTo(alone);
    }

    private static GenericRecord everything(SplittableRandom random) {
        byte[] four = new byte[4];
        random.nextBytes(four);
        var record = new GenericData.Record(EVERYTHING);
        record.put("boolean", random.nextBoolean());
        record.put("int", random.nextInt() >> random.nextInt(32));
        record.put("long", random.nextLong() >> random.nextInt(64));
        record.put("float", random.nextFloat());
        record.put("double", random.nextDouble());
        record.put("string", new Utf8("wörld " + "\uD83C\uDF0A".repeat(random.nextInt(300))));
        record.put("bytes", ByteBuffer.wrap(four));
        record.put("fixed", new GenericData.Fixed(EVERYTHING.getField("fixed").schema(), four));
        record.put("array", random.longs(random.nextInt(5)).boxed().toList());
        record.put("map", Map.of(new Utf8("k"), new Utf8("v")));
        record.put("union", random.nextBoolean() ? null : new Utf8("set"));
        return record;
    }

    private static byte[] encoded(RecordEncoder encoder, GenericRecord record) throws IOException {
        encoder.begin(1);
        new GenericDatumWriter<GenericRecord>(EVERYTHING).write(record, encoder);
        return encoder.bytes();
    }

    private static byte[] body(byte[] bytes) {
        return Arrays.copyOfRange(bytes, RecordEncoder.HEADER_BYTES, bytes.length);
    }

    private static byte[] byAvro(GenericRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(EVERYTHING).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
