package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compatibility {@code BACKWARD_TRANSITIVE} of our schemas, before a registry gets to see them. */
class SchemaHistoryTest {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src", "main");

    private static final Schema FIRST =
            SchemaBuilder.record("Drop").fields().requiredString("id").endRecord();
    private static final Schema WITH_OPTIONAL = SchemaBuilder.record("Drop")
            .fields()
            .requiredString("id")
            .optionalString("more")
            .endRecord();
    private static final Schema WITH_REQUIRED = SchemaBuilder.record("Drop")
            .fields()
            .requiredString("id")
            .requiredString("more")
            .endRecord();

    @TempDir
    Path folder;

    static List<String> records() throws IOException {
        try (var files = Files.list(SOURCES.resolve("avro"))) {
            return files.map(file -> file.getFileName().toString().replace(".avsc", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsAllThatWasEverWritten(String record) throws Exception {
        Class<?> type = Class.forName("io.tributary.schemas." + record);
        new SchemaHistory(SOURCES.resolve("avro-history"))
                .check(SpecificData.get().getSchema(type), Boolean.getBoolean("schemas.history.accept"));
    }

    @Test
    void asksForAnEntryWhenASchemaIsNew() {
        assertThatThrownBy(() -> new SchemaHistory(folder).check(FIRST, false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1.avsc is missing")
                .hasMessageContaining("-Dschemas.history.accept=true");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void asksForAnEntryWhenASchemaChangesAndIsContentOnceItIsThere() throws Exception {
        var history = new SchemaHistory(folder);
        history.check(FIRST, true);
        assertThatCode(() -> history.check(FIRST, false)).doesNotThrowAnyException();

        assertThatThrownBy(() -> history.check(WITH_OPTIONAL, false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2.avsc is missing");

        history.check(WITH_OPTIONAL, true);
        history.check(WITH_OPTIONAL, true);
        assertThat(folder.resolve("Drop"))
                .isDirectoryContaining("glob:**/2.avsc")
                .isDirectoryNotContaining("glob:**/3.avsc");
    }

    @Test
    void refusesAFieldWithoutDefaultThoughAskedToAccept() throws Exception {
        var history = new SchemaHistory(folder);
        history.check(FIRST, true);

        assertThatThrownBy(() -> history.check(WITH_REQUIRED, true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1.avsc could not be read any more")
                .hasMessageContaining("more");
        assertThat(folder.resolve("Drop")).isDirectoryNotContaining("glob:**/2.avsc");
    }

    @Test
    void looksFurtherBackThanTheNewestEntry() throws Exception {
        // The newest entry has no id, so nothing it wrote is in the way; but the oldest wrote ids that are null.
        Schema nullable = SchemaBuilder.record("Drop")
                .fields()
                .name("id")
                .type()
                .unionOf()
                .nullType()
                .and()
                .stringType()
                .endUnion()
                .noDefault()
                .endRecord();
        Schema without = SchemaBuilder.record("Drop").fields().endRecord();
        Schema withDefault = SchemaBuilder.record("Drop")
                .fields()
                .name("id")
                .type()
                .stringType()
                .stringDefault("")
                .endRecord();
        var history = new SchemaHistory(folder);
        history.check(nullable, true);
        history.check(without, true);

        assertThatThrownBy(() -> history.check(withDefault, true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1.avsc could not be read any more");
    }
}
