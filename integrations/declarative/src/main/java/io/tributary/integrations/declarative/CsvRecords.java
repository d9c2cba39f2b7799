package io.tributary.integrations.declarative;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Separated values (RFC 4180) in UTF-8: each row is an object of texts by the names of the columns. A quote in a value
 * is written twice; lines end with LF, CR LF or CR; empty lines are left out. A row with fewer values than columns
 * lacks the last ones; a value without a column has {@code column} and its number for a name.
 */
record CsvRecords(Format.Csv csv) implements ReadRecords {

    /** What a value takes beside its bytes: without it, a row of delimiters would fill the memory. */
    private static final int OF_A_VALUE = 32;

    @Override
    public Part read(Path file, FilePosition from, int most) throws IOException {
        List<String> columns = csv.columns();
        long begin = from.offset();
        try (var input = new ByteInput(file, 0)) {
            for (int i = 0; i < csv.skip(); i++) {
                skipLine(input);
            }
            if (columns.isEmpty()) {
                List<String> header = row(input);
                columns = header == null
                        ? List.of()
                        : header.stream().map(String::strip).toList();
            }
            begin = Math.max(begin, input.offset());
        }
        try (var input = new ByteInput(file, begin)) {
            var records = new ArrayList<LinkedHashMap<String, @Nullable Object>>();
            long values = 0;
            while (records.size() < most && input.offset() - begin + values * OF_A_VALUE < MOST_BYTES) {
                List<String> row = row(input);
                if (row == null) {
                    return new Part(records, input.offset(), true);
                }
                values += row.size();
                records.add(named(row, columns));
            }
            return new Part(records, input.offset(), input.peek() < 0);
        }
    }

    private static LinkedHashMap<String, @Nullable Object> named(List<String> row, List<String> columns) {
        var record = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < row.size(); i++) {
            record.put(i < columns.size() ? columns.get(i) : "column" + (i + 1), row.get(i));
        }
        return record;
    }

    private static void skipLine(ByteInput input) throws IOException {
        int next = input.next();
        while (next >= 0 && !isEnd(next)) {
            next = input.next();
        }
        endLine(next, input);
    }

    private static boolean isEnd(int next) {
        return next == '\n' || next == '\r';
    }

    private static void endLine(int end, ByteInput input) throws IOException {
        if (end == '\r' && input.peek() == '\n') {
            input.next();
        }
    }

    /** The values of the next row that is not empty; null at the end. */
    private @Nullable List<String> row(ByteInput input) throws IOException {
        while (isEnd(input.peek())) {
            input.next();
        }
        if (input.peek() < 0) {
            return null;
        }
        long begin = input.offset();
        var values = new ArrayList<String>();
        var value = new ByteArrayOutputStream();
        while (true) {
            int next = input.next();
            if (next == csv.quote() && csv.quote() != 0 && value.size() == 0) {
                next = quoted(input, value, begin, values.size());
            }
            while (next >= 0 && next != csv.delimiter() && !isEnd(next)) {
                value.write(next);
                check(input, begin, values.size());
                next = input.next();
            }
            values.add(value.toString(StandardCharsets.UTF_8));
            value.reset();
            check(input, begin, values.size());
            if (next != csv.delimiter()) {
                endLine(next, input);
                return values;
            }
        }
    }

    /** Reads to the end of a quoted value, and returns the byte after it. */
    private int quoted(ByteInput input, ByteArrayOutputStream value, long begin, int values) throws IOException {
        while (true) {
            int next = input.next();
            if (next < 0) {
                throw new UnreadableException("a value has a quote at its beginning and none at its end");
            }
            if (next == csv.quote()) {
                if (input.peek() != csv.quote()) {
                    return input.next();
                }
                input.next();
            }
            value.write(next);
            check(input, begin, values);
        }
    }

    private static void check(ByteInput input, long begin, int values) throws UnreadableException {
        if (input.offset() - begin + (long) values * OF_A_VALUE > LARGEST) {
            throw new UnreadableException(
                    "a row has more than " + LARGEST + " bytes, with " + OF_A_VALUE + " more for each of its values");
        }
    }
}
