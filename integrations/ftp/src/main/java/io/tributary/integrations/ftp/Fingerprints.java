package io.tributary.integrations.ftp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The fingerprints of the files of a directory as it is listed: 48 bits of name, size and time. A changed file is taken
 * for unchanged when its new fingerprint happens to be that of another file of the directory before; among 4,096 files
 * that is one change in 70 billion.
 */
final class Fingerprints {

    static final int BYTES = 6;

    /** Most groups of a directory. */
    static final int MAX_GROUPS = 4096;

    private static final long MASK = (1L << 48) - 1;

    private final long[] sums = new long[MAX_GROUPS];
    private long[] fingerprints = new long[64];
    private int count;
    private long sumOfAll;

    static long of(RemoteFile file) {
        String time =
                file.modifiedAt() == null ? "" : Long.toString(file.modifiedAt().toEpochMilli());
        return hash(file.name() + '\0' + file.size() + '\0' + time);
    }

    /** 48 bits that stand for a text. */
    static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long hash = 0;
            for (int i = 0; i < BYTES; i++) {
                hash = hash << 8 | digest[i] & 0xFF;
            }
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The group of a name: the same each time, whatever else the file is. */
    static int group(String name, int groups) {
        return (name.hashCode() * 0x9E3779B9 >>> 16) & (groups - 1);
    }

    /** Adds a file that is synced. */
    void add(String name, long fingerprint) {
        if (count == fingerprints.length) {
            fingerprints = Arrays.copyOf(fingerprints, count * 2);
        }
        fingerprints[count++] = fingerprint;
        int group = group(name, MAX_GROUPS);
        sums[group] = sums[group] + fingerprint & MASK;
    }

    int count() {
        return count;
    }

    KnownFiles.Each each() {
        long[] sorted = Arrays.copyOf(fingerprints, count);
        Arrays.sort(sorted);
        return new KnownFiles.Each(sorted);
    }

    /**
     * The sums of that number of groups, a power of two. Each is the sum of several of the {@link #MAX_GROUPS} groups.
     */
    long[] groups(int groups) {
        long[] folded = new long[groups];
        for (int i = 0; i < MAX_GROUPS; i++) {
            int group = i & (groups - 1);
            folded[group] = folded[group] + sums[i] & MASK;
        }
        return folded;
    }

    /** Adds anything that is listed, to know the listing as a whole again. */
    void addListed(RemoteFile file) {
        sumOfAll = sumOfAll + of(file) & MASK;
    }

    /** The listing as a whole. */
    long whole() {
        return sumOfAll;
    }
}
