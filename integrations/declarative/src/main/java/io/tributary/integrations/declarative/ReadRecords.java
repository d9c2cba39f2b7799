package io.tributary.integrations.declarative;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records of a file, from where the task before has stopped. */
sealed interface ReadRecords permits CsvRecords, JsonLineRecords, XmlRecords {

    /** Largest record, bytes. */
    int LARGEST = 16 << 20;

    /** Most bytes of the records of one task: with its outputs and their encoded forms they are in memory at once. */
    long MOST_BYTES = 8L << 20;

    /**
     * A part of a file.
     *
     * @param records each an object, or a text where it cannot be read
     * @param offset where the next part begins, for files that can be read from there
     * @param atEnd whether it is the last one
     */
    record Part(List<? extends @Nullable Object> records, long offset, boolean atEnd) {}

    /** The file is no such file, or a record is larger than {@link #LARGEST}. */
    final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1;

        UnreadableException(String why) {
            super(why);
        }
    }

    /** Reads at most this number of records. */
    Part read(Path file, FilePosition from, int most) throws IOException;
}
