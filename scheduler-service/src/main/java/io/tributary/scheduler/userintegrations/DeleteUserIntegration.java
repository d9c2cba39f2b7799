package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Removes a user integration, its credentials, its runs and its content, for good. */
@Component
class DeleteUserIntegration {

    private final JdbcClient jdbc;
    private final CommandWorkers commandWorkers;

    DeleteUserIntegration(JdbcClient jdbc, CommandWorkers commandWorkers) {
        this.jdbc = jdbc;
        this.commandWorkers = commandWorkers;
    }

    /** @throws ApiException when there is no such row (any more) */
    void delete(UUID id, Caller caller) {
        int deleted = jdbc.sql(
                        "delete from user_integration where id = :id and %s".formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .update();
        if (deleted == 0) {
            throw ApiException.notFound();
        }
        commandWorkers.purge(id);
    }
}
