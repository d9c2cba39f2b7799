package io.tributary.scheduler.content;

import io.tributary.scheduler.tables.AccountTable;
import java.time.Clock;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Requests that the sinks remove the present content of a user integration. They begin within seconds and remove a
 * batch at a time, also while it is synced; later content stays. Cursor and schedule stay, so a provider that reports
 * only changes does not return the content.
 */
@Component
public record RequestPurge(JdbcClient jdbc, AccountTable accounts, TransactionOperations transaction, Clock clock) {

    /**
     * Of two requests, the later one counts. The caller checks the permission.
     *
     * @return whether there is such a user integration
     */
    public boolean of(UUID userIntegrationId) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            boolean exists = accounts.purgeBefore(userIntegrationId, clock.instant());
            jdbc.sql("update sink_maintenance set due_at = now() where name = 'retention' and due_at > now()")
                    .update();
            return exists;
        }));
    }
}
