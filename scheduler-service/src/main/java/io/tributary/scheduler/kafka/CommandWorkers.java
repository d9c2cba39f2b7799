package io.tributary.scheduler.kafka;

import io.tributary.scheduler.SqlTime;
import io.tributary.schemas.Command;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commands the worker that owns a user integration. A command is a row until the broker has it, so what is committed here
 * is sent sooner or later, whatever crashes: within the transaction of a change, the change and its command are one. It
 * is sent on another thread, right after the commit. Safe to use from several threads.
 */
public final class CommandWorkers {

    private static final String QUEUE = """
        insert into worker_command (user_integration_id, command, run_id, created_at)
        values (:userIntegrationId, :command, :runId, :now)
        """;

    private final JdbcClient jdbc;
    private final SendCommands sendCommands;
    private final Executor executor;
    private final Clock clock;
    private final AtomicBoolean asked = new AtomicBoolean();

    CommandWorkers(JdbcClient jdbc, SendCommands sendCommands, Executor executor, Clock clock) {
        this.jdbc = jdbc;
        this.sendCommands = sendCommands;
        this.executor = executor;
        this.clock = clock;
    }

    /** Config or credentials are new: read them again. */
    public void credentialsChanged(UUID userIntegrationId) {
        queue(userIntegrationId, Command.credentials_changed, null);
    }

    /** The user integration is gone: drop its tasks. */
    public void purge(UUID userIntegrationId) {
        queue(userIntegrationId, Command.purge, null);
    }

    /** Start none of its tasks. */
    public void pause(UUID userIntegrationId) {
        queue(userIntegrationId, Command.pause, null);
    }

    /** Start its tasks again. */
    public void resume(UUID userIntegrationId) {
        queue(userIntegrationId, Command.resume, null);
    }

    private void queue(UUID userIntegrationId, Command command, @Nullable UUID runId) {
        jdbc.sql(QUEUE)
                .param("userIntegrationId", userIntegrationId)
                .param("command", command.name())
                .param("runId", runId)
                .param("now", SqlTime.of(clock.instant()))
                .update();
        sendSoon();
    }

    /** Sends what is queued, after the commit of the transaction under way, if there is one. */
    public void sendSoon() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            send();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                send();
            }
        });
    }

    // Calls before it begins count as one.
    private void send() {
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                asked.set(false);
                sendCommands.run();
            });
        } catch (RejectedExecutionException _) {
            asked.set(false); // We are shutting down: another replica sends it, or the next start.
        }
    }
}
