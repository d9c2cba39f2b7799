package io.tributary.scheduler.content;

import io.tributary.scheduler.SqlTime;
import java.time.Clock;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Asks the sinks to remove what was synced of a user integration so far. They begin within seconds and remove a batch at a
 * time, beside its syncs; what is synced from now on stays. Cursor and schedule are left as they are, so a provider that
 * tells changes only does not bring the content back.
 */
@Component
public class AskToPurge {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Clock clock;

    AskToPurge(JdbcClient jdbc, TransactionOperations transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Asked twice: the later one counts. Whether the caller may is theirs to check.
     *
     * @return whether there is such a user integration
     */
    public boolean of(UUID userIntegrationId) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            int asked = jdbc.sql("update user_integration set purge_before = :now where id = :id")
                    .param("now", SqlTime.of(clock.instant()))
                    .param("id", userIntegrationId)
                    .update();
            jdbc.sql("update upkeep set due_at = now() where name = 'retention' and due_at > now()")
                    .update();
            return asked == 1;
        }));
    }
}
