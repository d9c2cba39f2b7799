package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Output;
import io.tributary.sink.content.ContentColumn;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * The way of a field of an output, from an integration to the API. A new field that was forgotten somewhere fails here,
 * with the name of the place. There are eight: {@code integrations.api.Output}, {@code Output.avsc}, its history and
 * that of {@code DeadLetter} (which {@code SchemaHistoryTest} checks), a migration, the worker's {@code PrepareResult},
 * the sink's {@link ContentColumn}, and the scheduler's {@code Content}. The sink's hash, copy, update and redrive
 * follow its columns, and the command line shows the components of the record.
 */
class OutputFieldsTest {

    /** Fields that say whose output it is, and which. They are columns of the row that no output changes. */
    private static final Set<String> IDENTITY =
            Set.of("run_id", "run_sequence", "task_id", "index", "user_integration_id", "domain", "external_id");

    /** Fields that are on the topic only. */
    private static final Set<String> NOT_STORED = Set.of("code", "traceparent");

    /** Fields whose column has another name. */
    private static final Map<String, String> COLUMNS = Map.of("metadata", "content_metadata");

    /** Fields that the worker decides, not the integration. */
    private static final Set<String> OF_THE_WORKER = Set.of("content_ref");

    private static final Path HOME = Path.of(System.getProperty("tributary.home", ".."));

    /** The statements that give the table its columns. */
    private static final Pattern TABLE = Pattern.compile("(create|alter) table user_integration_content\\b[^;]*;");

    private static final Schema MESSAGE = io.tributary.schemas.Output.getClassSchema();

    @Test
    void everyFieldOfAnIntegrationIsOnTheTopic() {
        assertThat(names(MESSAGE))
                .as("add it to schemas/src/main/avro/Output.avsc")
                .containsAll(components(Output.class)
                        .map(OutputFieldsTest::snakeCase)
                        .toList());
    }

    @Test
    void everyStoredFieldOfTheTopicComesFromAnIntegration() {
        assertThat(components(Output.class).map(OutputFieldsTest::snakeCase))
                .as("add it to integrations/api/.../Output.java")
                .containsAll(
                        stored().filter(field -> !OF_THE_WORKER.contains(field)).toList());
    }

    @Test
    void theWorkerSendsEveryField() throws IOException {
        String code = read("task-worker-service/src/main/java/io/tributary/worker/execution/PrepareResult.java");
        assertThat(names(MESSAGE))
                .filteredOn(field -> !NOT_STORED.contains(field))
                .as("set it in task-worker-service/.../PrepareResult.java")
                .allMatch(field -> code.contains(".set" + camelCase(field) + "("));
    }

    @Test
    void theSinkStoresEveryField() {
        assertThat(columns())
                .as("add it to output-sink-service/.../ContentColumn.java")
                .containsExactlyInAnyOrderElementsOf(
                        stored().map(OutputFieldsTest::column).toList());
    }

    @Test
    void everyColumnIsInTheTable() throws IOException {
        Set<String> words;
        try (var files = Files.list(HOME.resolve("schemas/src/main/resources/db/migration"))) {
            words = files.map(OutputFieldsTest::text)
                    .flatMap(sql -> TABLE.matcher(sql).results())
                    .flatMap(statement ->
                            Stream.of(statement.group().replaceAll("--.*", "").split("\\W+")))
                    .collect(Collectors.toSet());
        }
        assertThat(columns())
                .as("add it to user_integration_content by a migration in schemas/src/main/resources/db/migration")
                .allMatch(words::contains);
    }

    @Test
    void theApiShowsEveryColumn() throws Exception {
        assertThat(components(Class.forName("io.tributary.scheduler.content.Content"))
                        .map(OutputFieldsTest::snakeCase))
                .as("add it to scheduler-service/.../Content.java")
                .containsAll(stored().toList());
    }

    @Test
    void theApiReadsEveryColumn() throws IOException {
        String code = read("scheduler-service/src/main/java/io/tributary/scheduler/content/Content.java");
        assertThat(columns())
                .as("select it in scheduler-service/.../Content.java")
                .allMatch(code::contains);
    }

    private static Stream<String> stored() {
        return names(MESSAGE).stream().filter(field -> !IDENTITY.contains(field) && !NOT_STORED.contains(field));
    }

    private static String column(String field) {
        return COLUMNS.getOrDefault(field, field);
    }

    private static List<String> columns() {
        return Stream.of(ContentColumn.values()).map(ContentColumn::column).toList();
    }

    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Schema.Field::name).toList();
    }

    private static Stream<String> components(Class<?> record) {
        return Stream.of(record.getRecordComponents()).map(RecordComponent::getName);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String camelCase(String name) {
        return Stream.of(name.split("_"))
                .filter(part -> !part.isEmpty())
                .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                .collect(Collectors.joining());
    }

    private static String read(String file) throws IOException {
        return Files.readString(HOME.resolve(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
