package io.tributary.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * What a record's schema was, release by release: {@code <folder>/<record>/1.avsc} and on, each the full schema with
 * all that it refers to, as it is in registries. Entries are added and never changed.
 *
 * @param folder {@code src/main/avro-history}
 */
record SchemaHistory(Path folder) {

    /**
     * Checks that every record ever written can be read as {@code current}, and that the newest entry is
     * {@code current}.
     *
     * @param accept adds {@code current} as the newest entry where it is not, instead of failing
     * @throws AssertionError when a check fails; the message says what to do
     */
    void check(Schema current, boolean accept) throws IOException {
        List<Path> entries = entries(current.getName());
        for (Path entry : entries) {
            requireReadable(current, entry);
        }
        if (!entries.isEmpty() && text(current).equals(Files.readString(entries.getLast()))) {
            return;
        }
        Path next = entry(current.getName(), entries.size() + 1);
        if (!accept) {
            throw new AssertionError("The schema of " + current.getName() + " is not in its history yet, " + next
                    + " is missing. If the change is meant, run\n\n    ./mvnw -pl schemas -am test"
                    + " -Dtest=SchemaHistoryTest -Dschemas.history.accept=true\n\nand commit the file with it.");
        }
        Files.createDirectories(folder.resolve(current.getName()));
        Files.writeString(next, text(current));
    }

    /** The entries of a record, oldest first. */
    private List<Path> entries(String record) {
        var entries = new ArrayList<Path>();
        for (int i = 1; Files.exists(entry(record, i)); i++) {
            entries.add(entry(record, i));
        }
        return entries;
    }

    private Path entry(String record, int number) {
        return folder.resolve(record).resolve(number + ".avsc");
    }

    private static void requireReadable(Schema current, Path entry) throws IOException {
        Schema old = new Schema.Parser().parse(Files.readString(entry));
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(current, old);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new AssertionError("Records written as " + entry + " could not be read any more: "
                    + compatibility.getResult().getIncompatibilities()
                    + ". Give new fields a default, and keep the type and the symbols of old ones.");
        }
    }

    private static String text(Schema schema) {
        return schema.toString(true) + "\n";
    }
}
