package io.tributary.integrations.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of a message or part (RFC 5322, section 2.2), unfolded, in order, their values not yet decoded but
 * for 8-bit characters. Lines that are no field are skipped.
 */
final class Headers {

    private record Field(String name, String value) {}

    private final List<Field> fields = new ArrayList<>();

    /** Where the body starts: after the empty line, or at the end when there is none. */
    private int bodyStart;

    private Headers() {}

    static Headers read(ByteSlice entity, Problems problems) {
        var headers = new Headers();
        headers.readFields(entity, problems);
        return headers;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** The value of the first field of that name, whatever its case. */
    Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** The values of all fields of that name, joined as one list: To, Cc and References may come in several. */
    String joined(String name, String separator) {
        return String.join(
                separator,
                fields.stream()
                        .filter(field -> field.name.equalsIgnoreCase(name))
                        .map(Field::value)
                        .toList());
    }

    private void readFields(ByteSlice entity, Problems problems) {
        int start = 0;
        while (start < entity.length()) {
            int lineEnd = entity.lineEnd(start);
            if (entity.contentEnd(start, lineEnd) == start) {
                bodyStart = lineEnd;
                return;
            }
            if (isDelimiter(entity, start, lineEnd)) {
                problems.add("no empty line behind the header");
                bodyStart = start;
                return;
            }
            int fieldEnd = lineEnd;
            while (fieldEnd < entity.length() && isFolded(entity, fieldEnd)) {
                fieldEnd = entity.lineEnd(fieldEnd);
            }
            add(entity.slice(start, fieldEnd), start == 0, problems);
            start = fieldEnd;
        }
        bodyStart = entity.length();
    }

    /** Whether the line begins the first part of a multipart: some senders leave out the empty line before it. */
    private boolean isDelimiter(ByteSlice entity, int lineStart, int lineEnd) {
        if (entity.at(lineStart) != '-' || lineEnd - lineStart > Bounds.FIELD_CHARS) {
            return false;
        }
        String line = entity.slice(lineStart, entity.contentEnd(lineStart, lineEnd))
                .latin1()
                .stripTrailing();
        return line.length() > 2
                && line.startsWith("--")
                && first("Content-Type")
                        .filter(type -> type.contains("boundary") && type.contains(line.substring(2)))
                        .isPresent();
    }

    /** Whether the line continues the field before it: it starts with white space, and has more than that. */
    private static boolean isFolded(ByteSlice entity, int lineStart) {
        if (entity.at(lineStart) != ' ' && entity.at(lineStart) != '\t') {
            return false;
        }
        int end = entity.contentEnd(lineStart, entity.lineEnd(lineStart));
        for (int i = lineStart; i < end; i++) {
            if (entity.at(i) != ' ' && entity.at(i) != '\t') {
                return true;
            }
        }
        return false;
    }

    private void add(ByteSlice lines, boolean first, Problems problems) {
        if (fields.size() == Bounds.FIELDS) {
            problems.add("more header fields than " + Bounds.FIELDS);
            return;
        }
        ByteSlice kept = lines.slice(0, Math.min(lines.length(), Bounds.FIELD_CHARS));
        String field = TextDecoding.guess(kept).replaceAll("\r?\n", "").strip();
        int colon = field.indexOf(':');
        String name = colon < 0 ? "" : field.substring(0, colon).stripTrailing();
        if (!name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            fields.add(new Field(name, field.substring(colon + 1).strip()));
        } else if (!first || !field.startsWith("From ")) {
            // The first line of a message taken from an mbox file is no field either, and no problem.
            problems.add("line in the header that is no field");
        }
    }
}
