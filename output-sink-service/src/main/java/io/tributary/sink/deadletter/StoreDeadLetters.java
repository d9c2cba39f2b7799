package io.tributary.sink.deadletter;

import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.Task;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores dead letters in {@code dead_letter}, and the tasks among them in {@code task_failure}, the log of their run. A
 * dead letter that is stored already changes nothing; a task that failed again replaces its earlier failure.
 */
record StoreDeadLetters(Postgres postgres) {

    private static final String STORE = """
        insert into dead_letter (id, kafka_partition, kafka_offset, run_id, task_id, user_integration_id, user_id,
          integration_domain, task_type, error_code, error_message, error_stack, fingerprint, attempts, http_status,
          record, message, created_at, effect_key)
        values (:id, :partition, :offset, :runId, :taskId, :userIntegrationId, :userId,
          :domain, :taskType, :errorCode, :errorMessage, :stack, :fingerprint, :attempts, :httpStatus,
          cast(:record as jsonb), :message, :at, :effectKey)
        on conflict (kafka_partition, kafka_offset) do nothing\
        """;

    /** Only if the run exists; its lock prevents its deletion until the failure is stored. */
    private static final String LOG_FAILURE = """
        insert into task_failure as known (run_id, task_id, user_integration_id, task_type, attempts, error_code,
          error_message, http_status, failed_at)
        select id, :taskId, :userIntegrationId, :taskType, :attempts, :errorCode,
               :errorMessage, cast(:httpStatus as integer), :at
          from sync_run where id = :runId for key share
        on conflict (run_id, task_id) do update
           set attempts = excluded.attempts, error_code = excluded.error_code,
               error_message = excluded.error_message, http_status = excluded.http_status,
               failed_at = excluded.failed_at
         where known.failed_at <= excluded.failed_at\
        """;

    private static final String DELETED = "select user_integration_id from erasure where user_integration_id = any(?)";

    /** Longest stored message and stack trace, characters. */
    private static final int MAX_CHARACTERS = 8_000;

    /** Within a transaction. */
    void store(List<Received> letters) {
        List<Row> rows = ofExistingAccounts(letters.stream().map(Row::of).toList());
        postgres.batch(STORE, rows);
        postgres.batch(
                LOG_FAILURE, rows.stream().filter(row -> row.taskType() != null).toList());
    }

    /** Without those of deleted accounts, which arrive after the account was erased. */
    private List<Row> ofExistingAccounts(List<Row> rows) {
        Object[] accounts = rows.stream()
                .map(Row::userIntegrationId)
                .filter(Objects::nonNull)
                .distinct()
                .toArray();
        Set<UUID> deleted = accounts.length == 0
                ? Set.of()
                : Set.copyOf(postgres.sql(DELETED)
                        .param(new SqlArrayValue("uuid", accounts))
                        .query(UUID.class)
                        .list());
        return rows.stream()
                .filter(row -> row.userIntegrationId() == null || !deleted.contains(row.userIntegrationId()))
                .toList();
    }

    /** A dead letter with its position on its topic. */
    record Received(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {}

    /**
     * The parameters of the statements.
     *
     * @param taskType null if it is not a task
     * @param record the task, the output, or {@code {"raw": Base64}} of bytes that could not be read as either
     * @param message bytes of the dead letter of an output, which a redrive reads
     * @param effectKey business key of the effect that the task was to have; null: none
     */
    @SuppressWarnings("ArrayRecordComponent") // a parameter, never compared
    private record Row(
            UUID id,
            int partition,
            long offset,
            @Nullable UUID runId,
            @Nullable UUID taskId,
            @Nullable UUID userIntegrationId,
            @Nullable String userId,
            @Nullable String domain,
            @Nullable String taskType,
            String errorCode,
            String errorMessage,
            @Nullable String stack,
            String fingerprint,
            int attempts,
            @Nullable Integer httpStatus,
            String record,
            byte @Nullable [] message,
            Instant at,
            @Nullable String effectKey) {

        static Row of(Received received) {
            var source = received.source();
            DeadLetter letter = received.letter();
            Task task = letter.getTask();
            Output output = letter.getOutput();
            String domain = StorableText.ofNullable(of(letter, Task::getDomain, Output::getDomain));
            String taskType = task == null ? null : StorableText.of(task.getType());
            String code = StorableText.of(letter.getErrorCode());
            String message = storable(letter.getMessage());
            return new Row(
                    idOf(source),
                    source.partition(),
                    source.offset(),
                    of(letter, Task::getRunId, Output::getRunId),
                    of(letter, Task::getTaskId, Output::getTaskId),
                    task == null && output == null
                            ? keyOf(source)
                            : of(letter, Task::getUserIntegrationId, Output::getUserIntegrationId),
                    task == null ? null : StorableText.of(task.getUserId()),
                    domain,
                    taskType,
                    code,
                    message,
                    letter.getStack() == null ? null : storable(letter.getStack()),
                    Fingerprint.of(code, orEmpty(domain), orEmpty(taskType), message),
                    letter.getAttempts(),
                    letter.getHttpStatus(),
                    Objects.requireNonNullElseGet(
                            of(letter, RecordJson::of, RecordJson::of), () -> RecordJson.ofBytes(letter.getRaw())),
                    output == null ? null : source.value(),
                    letter.getAt(),
                    task == null ? null : keyOf(task));
        }

        private static <T> @Nullable T of(DeadLetter letter, Function<Task, T> ofTask, Function<Output, T> ofOutput) {
            if (letter.getTask() != null) {
                return ofTask.apply(letter.getTask());
            }
            return letter.getOutput() == null ? null : ofOutput.apply(letter.getOutput());
        }
    }

    /** Derived from the position of the dead letter: it gets the same id when the topic is read again. */
    private static UUID idOf(ConsumerRecord<byte[], byte[]> source) {
        String where = source.topic() + "/" + source.partition() + "/" + source.offset();
        return UUID.nameUUIDFromBytes(where.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String keyOf(Task task) {
        if (!task.getSyncType().equals(ActionRuns.SYNC_TYPE)) {
            return null;
        }
        try {
            JsonNode key = JsonMapper.shared().readTree(task.getPayload()).path(ActionRuns.KEY);
            return key.isString() ? StorableText.of(key.stringValue()) : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable UUID keyOf(ConsumerRecord<byte[], byte[]> source) {
        try {
            return source.key() == null ? null : UUID.fromString(new String(source.key(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null; // an unreadable record may have any key
        }
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static String storable(String text) {
        return StorableText.of(text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS));
    }
}
