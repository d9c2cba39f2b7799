package io.tributary.integrations.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits the body of a multipart at its boundary (RFC 2046, section 5.1.1). */
final class Multipart {

    private Multipart() {}

    /** The parts in order, at most {@code limit}; without its last delimiter, the last part goes to the end. */
    static List<ByteSlice> split(ByteSlice body, String boundary, int limit) {
        String delimiter = "--" + boundary.stripTrailing();
        var parts = new ArrayList<ByteSlice>();
        int partStart = -1;
        for (int start = 0; start < body.length(); ) {
            int lineEnd = body.lineEnd(start);
            if (startsWith(body, start, delimiter)) {
                String rest = body.slice(start + delimiter.length(), body.contentEnd(start, lineEnd))
                        .latin1()
                        .strip();
                boolean last = rest.equals("--");
                // More text after it: the boundary of another multipart that merely starts like this one's.
                if (last || rest.isEmpty()) {
                    if (partStart >= 0) {
                        parts.add(body.slice(partStart, body.contentEnd(partStart, start)));
                    }
                    partStart = lineEnd;
                    if (last || parts.size() == limit) {
                        return parts;
                    }
                }
            }
            start = lineEnd;
        }
        if (partStart >= 0) {
            parts.add(body.slice(partStart, body.length()));
        }
        return parts;
    }

    /** The boundary that a body seems to have whose header names none: its first line with two hyphens in front. */
    static Optional<String> guessBoundary(ByteSlice body) {
        for (int start = 0; start < body.length(); start = body.lineEnd(start)) {
            int end = body.contentEnd(start, body.lineEnd(start));
            if (startsWith(body, start, "--") && end - start > 2 && end - start <= 72) {
                return Optional.of(body.slice(start + 2, end).latin1());
            }
        }
        return Optional.empty();
    }

    private static boolean startsWith(ByteSlice body, int start, String text) {
        if (body.length() - start < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ((body.at(start + i) & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
