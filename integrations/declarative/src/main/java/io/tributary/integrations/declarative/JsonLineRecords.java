package io.tributary.integrations.declarative;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** One JSON value a line. A line that is none is a text, and costs itself. */
record JsonLineRecords() implements ReadRecords {

    @Override
    public Part read(Path file, FilePosition from, int most) throws IOException {
        try (var input = new ByteInput(file, from.offset())) {
            var records = new ArrayList<@Nullable Object>();
            while (records.size() < most && input.offset() - from.offset() < MOST_BYTES) {
                String line = line(input);
                if (line == null) {
                    return new Part(records, input.offset(), true);
                }
                if (!line.isBlank()) {
                    Object value = Values.parsed(line);
                    records.add(value == null ? line : value);
                }
            }
            return new Part(records, input.offset(), input.peek() < 0);
        }
    }

    private static @Nullable String line(ByteInput input) throws IOException {
        if (input.peek() < 0) {
            return null;
        }
        var line = new ByteArrayOutputStream();
        for (int next = input.next(); next >= 0 && next != '\n'; next = input.next()) {
            line.write(next);
            if (line.size() > LARGEST) {
                throw new UnreadableException("a line has more than " + LARGEST + " bytes");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
