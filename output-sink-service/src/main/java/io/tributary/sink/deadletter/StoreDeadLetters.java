package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.sink.postgres.StorableText;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Stores letters in {@code dead_letter}, and the tasks among them in {@code task_failure}, the log of their run. A letter
 * that is stored already changes nothing; a task that failed again replaces its earlier failure.
 */
final class StoreDeadLetters {

    private static final String STORE = """
            insert into dead_letter (id, kafka_partition, kafka_offset, run_id, task_id, user_integration_id, user_id,
              integration_domain, task_type, error_code, error_message, error_stack, fingerprint, attempts, http_status,
              record, created_at)
            values (:id, :partition, :offset, :runId, :taskId, :userIntegrationId, :userId,
              :domain, :taskType, :errorCode, :message, :stack, :fingerprint, :attempts, :httpStatus,
              cast(:record as jsonb), :at)
            on conflict (kafka_partition, kafka_offset) do nothing""";

    /** Only while the run is there; its lock keeps it there until the failure is stored. */
    private static final String LOG_FAILURE = """
            insert into task_failure as known (run_id, task_id, user_integration_id, task_type, attempts, error_code,
              error_message, http_status, failed_at)
            select id, :taskId, :userIntegrationId, :taskType, :attempts, :errorCode,
                   :message, cast(:httpStatus as integer), :at
              from sync_run where id = :runId for key share
            on conflict (run_id, task_id) do update
               set attempts = excluded.attempts, error_code = excluded.error_code,
                   error_message = excluded.error_message, http_status = excluded.http_status,
                   failed_at = excluded.failed_at
             where known.failed_at <= excluded.failed_at""";

    /** Longest message and stack trace that are stored, characters. */
    private static final int MAX_CHARACTERS = 8_000;

    private final NamedParameterJdbcTemplate jdbc;

    StoreDeadLetters(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Within a transaction. */
    void store(List<Received> letters) {
        jdbc.batchUpdate(
                STORE, letters.stream().map(StoreDeadLetters::parameters).toArray(SqlParameterSource[]::new));
        jdbc.batchUpdate(
                LOG_FAILURE,
                letters.stream()
                        .filter(received -> received.letter().getTask() != null)
                        .map(StoreDeadLetters::parameters)
                        .toArray(SqlParameterSource[]::new));
    }

    /** A letter and where it stands on its topic. */
    record Received(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {}

    private static SqlParameterSource parameters(Received received) {
        var source = received.source();
        DeadLetter letter = received.letter();
        Subject subject = Subject.of(source, letter);
        String code = StorableText.of(letter.getErrorCode());
        String message = storable(letter.getMessage());
        return new MapSqlParameterSource()
                .addValue("id", id(source))
                .addValue("partition", source.partition())
                .addValue("offset", source.offset())
                .addValue("runId", subject.runId())
                .addValue("taskId", subject.taskId())
                .addValue("userIntegrationId", subject.userIntegrationId())
                .addValue("userId", subject.userId())
                .addValue("domain", subject.domain())
                .addValue("taskType", subject.taskType())
                .addValue("errorCode", code)
                .addValue("message", message)
                .addValue("stack", letter.getStack() == null ? null : storable(letter.getStack()))
                .addValue("fingerprint", fingerprint(code, subject, message))
                .addValue("attempts", letter.getAttempts())
                .addValue("httpStatus", letter.getHttpStatus())
                .addValue("record", subject.json())
                .addValue("at", letter.getAt().atOffset(ZoneOffset.UTC));
    }

    /** From where the letter stands: the same one gets the same id when the topic is read again. */
    private static UUID id(ConsumerRecord<byte[], byte[]> source) {
        String where = source.topic() + "/" + source.partition() + "/" + source.offset();
        return UUID.nameUUIDFromBytes(where.getBytes(StandardCharsets.UTF_8));
    }

    private static String fingerprint(String code, Subject subject, String message) {
        return Fingerprint.of(code, orEmpty(subject.domain()), orEmpty(subject.taskType()), message);
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static String storable(String text) {
        return StorableText.of(text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS));
    }
}
