package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedDecoderTest {

    /** What reading a damaged record may take beside the values in it: readers, exceptions. */
    private static final long FIXED_COST_BYTES = 2_000_000;

    private static final int COST_OF_A_BYTE = 200;

    @ParameterizedTest
    @MethodSource("io.tributary.schemas.serde.Messages#schemas")
    void refusesEveryTruncationOfAMessage(Schema schema) throws Exception {
        byte[] whole = encoded(Messages.generic(schema, new SplittableRandom(3)));
        assertThatCode(() -> read(schema, whole)).doesNotThrowAnyException();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(schema, part))
                    .as("first %d of %d bytes", length, whole.length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("io.tributary.schemas.serde.Messages#schemas")
    void survivesDamagedMessagesInLittleMemory(Schema schema) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        byte[] whole = encoded(Messages.generic(schema, random));
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            long before = allocated();
            try {
                read(schema, damaged);
            } catch (IOException | RuntimeException e) {
                // The two ways in which the deserializer expects bytes to be wrong.
            }
            assertThat(allocated() - before)
                    .as("bytes allocated for a record of %d bytes, -Dseed=%d", damaged.length, seed)
                    .isLessThan(FIXED_COST_BYTES + (long) COST_OF_A_BYTE * damaged.length);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 11, Integer.MAX_VALUE - 8, Integer.MAX_VALUE + 1L, Long.MAX_VALUE, Long.MIN_VALUE})
    void believesNoLengthBeyondTheLastByte(long claimed) {
        byte[] bytes = claimFollowedByTenBytes(claimed);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readString()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readString(null)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readBytes(null)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipString()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipBytes()).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {30, -30, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void believesNoMoreItemsThanTheRecordHasBytes(long claimed) {
        byte[] bytes = claimFollowedByTenBytes(claimed);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readArrayStart()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).readMapStart()).isInstanceOf(IOException.class);
        if (claimed > 0) { // a negative number of items is passed over by the block's size
            assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipArray()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> new BoundedDecoder(bytes, 0).skipMap()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void countsItemsThatTakeNoBytesOverTheWholeRecord() {
        Schema nested = SchemaBuilder.record("Nested")
                .fields()
                .name("arrays")
                .type(SchemaBuilder.array().items(SchemaBuilder.array().items().nullType()))
                .noDefault()
                .endRecord();
        byte[] bytes = new byte[400];
        bytes[0] = 2 * 60; // 60 arrays
        for (int i = 1; i + 1 < 121; i += 2) {
            bytes[i] = 2 * 60; // of 60 nulls each, and the end of the array
        }
        assertThatThrownBy(() -> read(nested, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than the record can hold");
    }

    @Test
    void refusesNumbersThatDoNotFit() {
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0xFF);
        assertThatThrownBy(() -> new BoundedDecoder(endless, 0).readLong()).isInstanceOf(IOException.class);

        byte[] long33 = new byte[10];
        BinaryData.encodeLong(1L << 32, long33, 0);
        assertThatThrownBy(() -> new BoundedDecoder(long33, 0).readInt()).isInstanceOf(IOException.class);
    }

    private static byte[] claimFollowedByTenBytes(long claimed) {
        byte[] room = new byte[20];
        int length = BinaryData.encodeLong(claimed, room, 0);
        return Arrays.copyOf(room, length + 10);
    }

    private static byte[] encoded(GenericRecord record) throws IOException {
        var encoder = new RecordEncoder();
        encoder.begin(0);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        byte[] bytes = encoder.bytes();
        return Arrays.copyOfRange(bytes, RecordEncoder.HEADER_BYTES, bytes.length);
    }

    private static Object read(Schema schema, byte[] bytes) throws IOException {
        return new GenericDatumReader<>(schema).read(null, new BoundedDecoder(bytes, 0));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
