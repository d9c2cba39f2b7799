package io.tributary.integrations.imap;

import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.util.UUID;

/**
 * A user integration as far as a connection depends on it: two accounts are equal when one may use the other's
 * connection. {@link #toString} holds no secret.
 */
record Account(UUID userIntegrationId, ImapConfig config, String username, String password) {

    /**
     * @throws TaskFailure.Unauthorized when there is no username or password
     * @throws TaskFailure.Misconfigured {@code imap.configInvalid} when the config does not match its schema
     */
    static Account of(TaskContext context) throws TaskFailure {
        try {
            return new Account(
                    context.userIntegrationId(),
                    ImapConfig.of(context.config()),
                    context.credentials().require("username"),
                    context.credentials().require("password"));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TaskFailure.Misconfigured(
                    "imap.configInvalid", "The config does not match its schema: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "Account[" + userIntegrationId + " at " + config.server() + "]";
    }
}
