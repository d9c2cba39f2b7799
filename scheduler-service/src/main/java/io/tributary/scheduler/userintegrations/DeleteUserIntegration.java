package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Permanently deletes a user integration, its credentials, its runs and its content. */
@Component
record DeleteUserIntegration(Accounts accounts, UserIntegrationTable table, CommandWorkers commandWorkers) {

    /** @throws ApiException when there is no such row, or it has another version than the request expects */
    void delete(UUID id, IfMatch ifMatch, Caller caller) {
        accounts.change(id, ifMatch, caller, _ -> {
            table.delete(id);
            commandWorkers.purge(id);
            return id;
        });
    }
}
