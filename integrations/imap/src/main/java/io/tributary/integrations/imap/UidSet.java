package io.tributary.integrations.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * UIDs in ascending order, each once, at most {@link #MAX_SIZE}. As text it is a sequence set (RFC 9051, section 9)
 * without {@code *}: {@code 4:7,9}.
 */
final class UidSet {

    /** Most UIDs a set may have: those of one page. */
    static final int MAX_SIZE = 1_000;

    /** Longest sequence set for one command, characters; servers need not take lines over 1,000 (RFC 2683, 3.2.1.5). */
    private static final int MAX_CHARS = 900;

    private final long[] uids;

    private UidSet(long[] uids) {
        if (uids.length > MAX_SIZE) {
            throw new IllegalArgumentException(uids.length + " UIDs; " + MAX_SIZE + " is the most");
        }
        this.uids = uids;
    }

    /** The lowest {@link #MAX_SIZE} of these UIDs. */
    static UidSet lowest(LongStream uids) {
        return new UidSet(uids.sorted().distinct().limit(MAX_SIZE).toArray());
    }

    static UidSet of(List<Long> uids) {
        return new UidSet(
                uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray());
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static UidSet parse(String text) {
        var uids = LongStream.builder();
        for (String range : text.split(",", MAX_SIZE + 1)) {
            String[] ends = range.split(":", 2);
            long first = Long.parseLong(ends[0]);
            long last = Long.parseLong(ends[ends.length - 1]);
            if (first < 1 || last - first >= MAX_SIZE) {
                throw new IllegalArgumentException("'" + range + "' is no range of at most " + MAX_SIZE + " UIDs");
            }
            LongStream.rangeClosed(first, last).forEach(uids);
        }
        return new UidSet(uids.build().sorted().distinct().toArray());
    }

    int size() {
        return uids.length;
    }

    boolean isEmpty() {
        return uids.length == 0;
    }

    boolean contains(long uid) {
        return Arrays.binarySearch(uids, uid) >= 0;
    }

    long last() {
        return uids[uids.length - 1];
    }

    List<Long> list() {
        return Arrays.stream(uids).boxed().toList();
    }

    /** The set in pieces whose text fits into a command; none when it is empty. */
    List<String> commands() {
        var commands = new ArrayList<String>();
        var command = new StringBuilder();
        for (int i = 0; i < uids.length; ) {
            int end = i + 1;
            while (end < uids.length && uids[end] == uids[end - 1] + 1) {
                end++;
            }
            String range = end == i + 1 ? Long.toString(uids[i]) : uids[i] + ":" + uids[end - 1];
            if (command.length() + range.length() >= MAX_CHARS) {
                commands.add(command.toString());
                command.setLength(0);
            }
            command.append(command.isEmpty() ? "" : ",").append(range);
            i = end;
        }
        if (!command.isEmpty()) {
            commands.add(command.toString());
        }
        return commands;
    }

    @Override
    public String toString() {
        return String.join(",", commands());
    }
}
