package io.tributary.integrations.ftp;

import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user integration as far as a connection depends on it: two accounts are equal when one may use the other's
 * connection. {@link #toString} holds no secret.
 *
 * @param password null only with a private key
 * @param privateKey for sftp, in a form of OpenSSH or PEM; null: none
 */
record Account(
        UUID userIntegrationId,
        FtpConfig config,
        String username,
        @Nullable String password,
        @Nullable String privateKey) {

    /**
     * @throws TaskFailure.Unauthorized when there is no username, or nothing to prove it with
     * @throws TaskFailure.Misconfigured {@code ftp.configInvalid} when the config does not match its schema
     */
    static Account of(TaskContext context) throws TaskFailure {
        FtpConfig config;
        try {
            config = FtpConfig.of(context.config());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TaskFailure.Misconfigured(
                    "ftp.configInvalid", "The config does not match its schema: " + e.getMessage(), e);
        }
        var credentials = context.credentials();
        String privateKey = config.protocol() == FtpConfig.Protocol.SFTP
                ? credentials.find("privateKey").orElse(null)
                : null;
        return new Account(
                context.userIntegrationId(),
                config,
                credentials.require("username"),
                privateKey == null
                        ? credentials.require("password")
                        : credentials.find("password").orElse(null),
                privateKey);
    }

    @Override
    public String toString() {
        return "Account[" + userIntegrationId + " at " + config.server() + "]";
    }
}
