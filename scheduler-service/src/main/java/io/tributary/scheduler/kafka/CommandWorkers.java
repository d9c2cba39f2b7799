package io.tributary.scheduler.kafka;

import io.tributary.scheduler.SqlTime;
import io.tributary.schemas.Command;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commands the worker that owns a user integration. A command is a row until the broker has it, in the transaction of
 * its change, so that both happen or neither, whatever crashes. Another thread sends it right after the commit. Safe to
 * use from several threads.
 */
@Component
public final class CommandWorkers {

    private static final String QUEUE = """
        insert into worker_command (user_integration_id, command, run_id, created_at)
        values (:userIntegrationId, :command, :runId, :now)
        """;

    private final JdbcClient jdbc;
    private final SendCommands sendCommands;
    private final Executor executor;
    private final Clock clock;
    private final AtomicBoolean requested = new AtomicBoolean();

    CommandWorkers(JdbcClient jdbc, SendCommands sendCommands, @Qualifier("timers") Executor executor, Clock clock) {
        this.jdbc = jdbc;
        this.sendCommands = sendCommands;
        this.executor = executor;
        this.clock = clock;
    }

    /** Makes the worker read config and credentials again. */
    public void credentialsChanged(UUID userIntegrationId) {
        queue(userIntegrationId, Command.credentials_changed, null);
    }

    /** Makes the worker drop the tasks of a deleted user integration. */
    public void purge(UUID userIntegrationId) {
        queue(userIntegrationId, Command.purge, null);
    }

    /** Makes the worker start none of its tasks. */
    public void pause(UUID userIntegrationId) {
        queue(userIntegrationId, Command.pause, null);
    }

    /** Makes the worker start its tasks again. */
    public void resume(UUID userIntegrationId) {
        queue(userIntegrationId, Command.resume, null);
    }

    /** Makes the worker start no further tasks of a backfill. */
    public void pauseRun(UUID userIntegrationId, UUID run) {
        queue(userIntegrationId, Command.pause_run, run);
    }

    /** Makes the worker start the tasks of a backfill again. */
    public void resumeRun(UUID userIntegrationId, UUID run) {
        queue(userIntegrationId, Command.resume_run, run);
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

    /** Sends the queued commands, after the commit of the current transaction, if there is one. */
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

    // Several calls before the sending starts are one.
    private void send() {
        if (!requested.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                requested.set(false);
                sendCommands.run();
            });
        } catch (RejectedExecutionException _) {
            requested.set(false); // The service is shutting down: another replica sends it, or the next start.
        }
    }
}
