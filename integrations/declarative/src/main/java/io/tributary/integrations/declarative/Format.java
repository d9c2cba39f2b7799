package io.tributary.integrations.declarative;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the answers of a stream are written, where they are files. They are read record by record, so they may be larger
 * than the memory.
 *
 * @param kind what is in it
 * @param csv how it is written, for {@link Kind#CSV}
 * @param path the names of the elements that lead to a record, for {@link Kind#XML}
 * @param charset null: as its byte order mark, the answer's {@code Content-Type} or XML itself says, or else UTF-8
 * @param entry how the name of the file in a ZIP archive ends; empty: the first one
 * @param maxBytes of the answer, and of the file in it
 * @param most records that one task takes
 */
record Format(
        Kind kind, Csv csv, List<String> path, @Nullable Charset charset, String entry, long maxBytes, int most) {

    static final int MOST_RECORDS = 5_000;

    /** The same of which a task takes fewer records. */
    Format ofAtMost(int records) {
        return new Format(kind, csv, path, charset, entry, maxBytes, Math.min(most, records));
    }

    /** What is in a file. */
    enum Kind {
        JSON,
        JSON_LINES,
        CSV,
        XML
    }

    /**
     * How a file with separated values is written.
     *
     * @param delimiter between two values, one character of ASCII
     * @param quote around a value, one character of ASCII; 0: none
     * @param skip lines before the header
     * @param columns names of the values; empty: the first row has them
     */
    record Csv(char delimiter, char quote, int skip, List<String> columns) {
        static final Csv USUAL = new Csv(',', '"', 0, List.of());
    }
}
