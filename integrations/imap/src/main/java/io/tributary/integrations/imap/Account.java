package io.tributary.integrations.imap;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.util.Optional;
import java.util.UUID;

/**
 * A user integration as far as a connection depends on it: two accounts are equal when one may use the other's
 * connection. {@link #toString} holds no secret.
 */
record Account(UUID userIntegrationId, ImapConfig config, String username, Secret secret) {

    /** Proves that the account is the user's. {@link #toString} does not show it. */
    sealed interface Secret {
        /** A password, or an app password. */
        record Password(String value) implements Secret {
            @Override
            public String toString() {
                return "Password[]";
            }
        }

        /** An OAuth2 access token. */
        record AccessToken(String value) implements Secret {
            @Override
            public String toString() {
                return "AccessToken[]";
            }
        }

        /** The access token goes before the password: the account was connected by OAuth2 then. */
        private static Secret of(Credentials credentials) throws TaskFailure.Unauthorized {
            Optional<String> accessToken = credentials.find("accessToken");
            return accessToken.isPresent()
                    ? new AccessToken(accessToken.get())
                    : new Password(credentials.require("password"));
        }
    }

    /**
     * @throws TaskFailure.Unauthorized when there is no username, or neither password nor access token
     * @throws TaskFailure.Misconfigured {@code imap.configInvalid} when the config does not match its schema
     */
    static Account of(TaskContext context) throws TaskFailure {
        try {
            return new Account(
                    context.userIntegrationId(),
                    ImapConfig.of(context.config()),
                    context.credentials().require("username"),
                    Secret.of(context.credentials()));
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
