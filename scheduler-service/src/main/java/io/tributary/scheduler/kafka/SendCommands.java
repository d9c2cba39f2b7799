package io.tributary.scheduler.kafka;

import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import io.tributary.schemas.Topics;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sends the queued commands in their order, so that a pause and the resume after it never change places. A worker obeys
 * a command that arrives twice once.
 */
@Component
public record SendCommands(JdbcClient jdbc, PublishOutbox publish, Topics topics)
        implements OrderedOutbox<SendCommands.QueuedCommand> {

    /** A row of {@code worker_command}. */
    record QueuedCommand(
            long id,
            UUID userIntegrationId,
            Command command,
            @Nullable UUID runId,
            Instant createdAt) {}

    /** Sends until nothing waits, or another replica sends. A failure is logged; the next call goes on. */
    public void run() {
        publish.run(this);
    }

    @Override
    public long lock() {
        return 7_206_231_001L;
    }

    @Override
    public String failureCode() {
        return "polling.commandsDelayed";
    }

    @Override
    public String topic() {
        return topics.control();
    }

    @Override
    public List<QueuedCommand> next(int batch) {
        return jdbc.sql("""
            select id, user_integration_id, command, run_id, created_at from worker_command order by id limit :batch
            """).param("batch", batch).query(QueuedCommand.class).list();
    }

    @Override
    public UUID userIntegrationId(QueuedCommand row) {
        return row.userIntegrationId();
    }

    @Override
    public SpecificRecord message(QueuedCommand row) {
        return Control.newBuilder()
                .setUserIntegrationId(row.userIntegrationId())
                .setCommand(row.command())
                .setRunId(row.runId())
                .setAt(row.createdAt())
                .build();
    }

    @Override
    public void published(List<QueuedCommand> rows) {
        jdbc.sql("delete from worker_command where id = any (:ids)")
                .param("ids", rows.stream().map(QueuedCommand::id).toArray(Long[]::new))
                .update();
    }
}
