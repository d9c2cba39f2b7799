package io.tributary.scheduler.kafka;

import io.tributary.scheduler.SqlTime;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings the commands to the topic, in the order in which they were given. One replica at a time does it, so that a pause
 * and the resume after it never change places. What the broker did not take stays, with all that came after it; a worker
 * obeys a command that arrives twice once.
 */
public final class SendCommands {

    /** Commands in one transaction at most. */
    static final int BATCH = 500;

    /** The advisory lock of who sends. Its number means nothing; no other lock has it. */
    private static final long LOCK = 7_206_231_001L;

    private static final String NEXT = """
        select id, user_integration_id, command, run_id, created_at from worker_command order by id limit :batch
        """;

    private static final Logger log = LoggerFactory.getLogger(SendCommands.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Producer<String, SpecificRecord> producer;
    private final String topic;

    SendCommands(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Producer<String, SpecificRecord> producer,
            String topic) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.producer = producer;
        this.topic = topic;
    }

    private record Queued(long id, Control command) {}

    /** Sends until nothing is left, or another replica does. A failure is logged; the next call goes on. */
    public void run() {
        try {
            while (Objects.requireNonNull(transaction.execute(_ -> sendBatch())) == BATCH
                    && !Thread.currentThread().isInterrupted()) {
                // there may be more
            }
        } catch (DataAccessException | TransactionException | KafkaException e) {
            log.warn("commands not sent, they are tried again code=polling.commandsDelayed", e);
        }
    }

    /** Returns how many were sent. */
    private int sendBatch() {
        boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single();
        if (!mine) {
            return 0;
        }
        var queued = jdbc.sql(NEXT)
                .param("batch", BATCH)
                .query((row, _) -> read(row))
                .list();
        var sent = send(queued);
        if (!sent.isEmpty()) {
            jdbc.sql("delete from worker_command where id = any (:ids)")
                    .param("ids", sent.toArray(Long[]::new))
                    .update();
        }
        return sent.size();
    }

    private List<Long> send(List<Queued> queued) {
        var sending = new ArrayList<Future<RecordMetadata>>();
        for (Queued next : queued) {
            var future = send(next.command());
            sending.add(future);
            if (future.state() == Future.State.FAILED) {
                break; // the next one would wait as long, in vain
            }
        }
        producer.flush();
        var sent = new ArrayList<Long>();
        for (int i = 0; i < sending.size() && isSent(sending.get(i)); i++) {
            sent.add(queued.get(i).id());
        }
        return sent;
    }

    private Future<RecordMetadata> send(Control command) {
        try {
            return producer.send(
                    new ProducerRecord<>(topic, command.getUserIntegrationId().toString(), command));
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isSent(Future<RecordMetadata> sending) {
        try {
            sending.get(); // flush() waited already: this does not block
            return true;
        } catch (ExecutionException e) {
            log.warn(
                    "command not sent, it is tried again code=polling.commandsDelayed reason={}",
                    String.valueOf(e.getCause()));
            return false;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Queued read(ResultSet row) throws SQLException {
        @Nullable UUID runId = row.getObject("run_id", UUID.class);
        Instant at = SqlTime.read(row, "created_at");
        return new Queued(
                row.getLong("id"),
                Control.newBuilder()
                        .setUserIntegrationId(row.getObject("user_integration_id", UUID.class))
                        .setCommand(Command.valueOf(row.getString("command")))
                        .setRunId(runId)
                        .setAt(at)
                        .build());
    }
}
