package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;

class BinaryCopyTest {

    private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";
    private static final String END = "ffff";

    private final SentCopy sent = new SentCopy();

    @Test
    void writesEachTypeAsPostgresReadsIt() throws SQLException {
        try (var copy = new BinaryCopy(sent)) {
            copy.row(6)
                    .uuid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"))
                    .int8(258)
                    .timestamp(Instant.parse("2000-01-01T00:00:01.000002Z"))
                    .bytes("ä".getBytes(StandardCharsets.UTF_8))
                    .jsonb("{}".getBytes(StandardCharsets.UTF_8))
                    .bytes(null)
                    .finish();
        }

        assertThat(sent.hex())
                .isEqualTo(HEADER
                        + "0006"
                        + "00000010" + "00112233445566778899aabbccddeeff"
                        + "00000008" + "0000000000000102"
                        + "00000008" + "00000000000f4242"
                        + "00000002" + "c3a4"
                        + "00000003" + "01" + "7b7d"
                        + "ffffffff"
                        + END);
    }

    @Test
    void writesTimesBeforeItsEpochAsNegative() throws SQLException {
        try (var copy = new BinaryCopy(sent)) {
            copy.row(2)
                    .timestamp(Instant.parse("1999-12-31T23:59:59.999999Z"))
                    .timestamp(null)
                    .finish();
        }

        assertThat(sent.hex()).isEqualTo(HEADER + "0002" + "00000008" + "ffffffffffffffff" + "ffffffff" + END);
    }

    @Test
    void sendsInBlocksHoweverLargeValuesAre() throws SQLException {
        byte[] small = new byte[40_000];
        byte[] large = new byte[200_000];
        Arrays.fill(small, (byte) 1);
        Arrays.fill(large, (byte) 2);

        try (var copy = new BinaryCopy(sent)) {
            copy.row(4).bytes(small).bytes(small).bytes(large).bytes(small).finish();
        }

        var expected = new ByteArrayOutputStream();
        expected.writeBytes(HexFormat.of().parseHex(HEADER + "0004"));
        for (byte[] value : new byte[][] {small, small, large, small}) {
            expected.writeBytes(HexFormat.of().parseHex(HexFormat.of().toHexDigits(value.length)));
            expected.writeBytes(value);
        }
        expected.writeBytes(HexFormat.of().parseHex(END));
        assertThat(sent.bytes.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void cancelsWhatWasNotFinished() throws SQLException {
        try (var copy = new BinaryCopy(sent)) {
            copy.row(1).int8(1);
        }

        assertThat(sent.cancelled).isTrue();
    }

    /** What went over the wire. */
    private static final class SentCopy implements CopyIn {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean cancelled;
        private boolean active = true;

        String hex() {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }

        @Override
        public void writeToCopy(byte[] data, int offset, int length) {
            bytes.write(data, offset, length);
        }

        @Override
        public void writeToCopy(ByteStreamWriter from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flushCopy() {}

        @Override
        public long endCopy() {
            active = false;
            return 1;
        }

        @Override
        public void cancelCopy() {
            cancelled = true;
            active = false;
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public int getFieldCount() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getFormat() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getFieldFormat(int field) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getHandledRowCount() {
            throw new UnsupportedOperationException();
        }
    }
}
