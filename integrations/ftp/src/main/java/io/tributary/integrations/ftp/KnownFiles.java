package io.tributary.integrations.ftp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;

/**
 * The files of a directory as the sync state keeps them, so that the next run finds the new and the changed ones. A few
 * files are known one by one, by a {@linkplain Fingerprints fingerprint} each. Many are known by groups, each with the
 * sum of its fingerprints: when one file of a group changes, all of the group are downloaded again, and the sink sees
 * that the others are the same. Nothing known means that every file is new.
 *
 * <p>As text: {@code =} and the fingerprints, or {@code ~} and the sums, 8 characters (Base64) each.
 */
sealed interface KnownFiles {

    /** Characters of a fingerprint or a sum. */
    int CHARS = 8;

    KnownFiles NOTHING = new Each(new long[0]);

    /** @param sorted the fingerprints, in order */
    record Each(long[] sorted) implements KnownFiles {
        boolean contains(long fingerprint) {
            return Arrays.binarySearch(sorted, fingerprint) >= 0;
        }

        @Override
        public String toString() {
            return "=" + encoded(sorted);
        }
    }

    /**
     * @param sums of the fingerprints of each group; their number is a power of two, {@link Fingerprints#MAX_GROUPS} at
     *     most
     */
    record Groups(long[] sums) implements KnownFiles {

        /** The groups in which something changed. */
        BitSet changed(Fingerprints now) {
            long[] current = now.groups(sums.length);
            var changed = new BitSet(sums.length);
            for (int group = 0; group < sums.length; group++) {
                changed.set(group, current[group] != sums[group]);
            }
            return changed;
        }

        @Override
        public String toString() {
            return "~" + encoded(sums);
        }
    }

    /** Reads the text that {@code toString} wrote. Malformed text means {@link #NOTHING}, which loses no file. */
    static KnownFiles parse(String text) {
        if (text.isEmpty() || (text.length() - 1) % CHARS != 0) {
            return NOTHING;
        }
        try {
            long[] values = decoded(text.substring(1));
            return switch (text.charAt(0)) {
                case '=' -> new Each(values);
                case '~' ->
                    Integer.bitCount(values.length) == 1 && values.length <= Fingerprints.MAX_GROUPS
                            ? new Groups(values)
                            : NOTHING;
                default -> NOTHING;
            };
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }

    private static String encoded(long[] values) {
        var bytes = ByteBuffer.allocate(values.length * Fingerprints.BYTES);
        for (long value : values) {
            bytes.putShort((short) (value >>> 32)).putInt((int) value);
        }
        return Base64.getUrlEncoder().encodeToString(bytes.array());
    }

    private static long[] decoded(String text) {
        var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        long[] values = new long[bytes.remaining() / Fingerprints.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes.getShort() & 0xFFFFL) << 32 | bytes.getInt() & 0xFFFFFFFFL;
        }
        return values;
    }
}
