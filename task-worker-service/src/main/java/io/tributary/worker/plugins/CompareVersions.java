package io.tributary.worker.plugins;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * Compares versions part by part: numbers by value, other parts as text, a number after a text. A missing part comes
 * before a number and after a text, so that {@code 1.2-rc1} precedes {@code 1.2}, which precedes {@code 1.2.1}.
 */
final class CompareVersions implements Comparator<String> {

    static final CompareVersions INSTANCE = new CompareVersions();

    private CompareVersions() {}

    @Override
    public int compare(String one, String other) {
        String[] parts = one.split("[.+_-]");
        String[] others = other.split("[.+_-]");
        for (int i = 0; i < Math.max(parts.length, others.length); i++) {
            int compared = comparePart(i < parts.length ? parts[i] : "", i < others.length ? others[i] : "");
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private static int comparePart(String part, String other) {
        int kind = Integer.compare(kind(part), kind(other));
        if (kind != 0) {
            return kind;
        }
        return kind(part) == 2 ? new BigInteger(part).compareTo(new BigInteger(other)) : part.compareTo(other);
    }

    /** 0: text; 1: nothing; 2: a number. */
    private static int kind(String part) {
        if (part.isEmpty()) {
            return 1;
        }
        return part.chars().allMatch(c -> c >= '0' && c <= '9') ? 2 : 0;
    }
}
