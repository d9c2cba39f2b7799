package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Removes a user integration, its credentials, its runs and its content, for good. */
@Component
class DeleteUserIntegration {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final CommandWorkers commandWorkers;

    DeleteUserIntegration(JdbcClient jdbc, TransactionOperations transaction, CommandWorkers commandWorkers) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.commandWorkers = commandWorkers;
    }

    /** @throws ApiException when there is no such row (any more), or it is another version than is meant */
    void delete(UUID id, IfMatch ifMatch, Caller caller) {
        transaction.executeWithoutResult(_ -> {
            ifMatch.require(lock(id, caller));
            jdbc.sql("delete from user_integration where id = :id")
                    .param("id", id)
                    .update();
            commandWorkers.purge(id);
        });
    }

    private long lock(UUID id, Caller caller) {
        return jdbc.sql("select version from user_integration where id = :id and %s for update"
                        .formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query(Long.class)
                .optional()
                .orElseThrow(ApiException::notFound);
    }
}
