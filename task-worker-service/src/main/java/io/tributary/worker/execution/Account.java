package io.tributary.worker.execution;

import io.tributary.egress.OAuthClients;
import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.secrets.Expiry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Config and credentials of a user integration, opened for its tasks.
 *
 * @param secrets the credentials' values, to be kept out of everything that leaves an execution
 * @param renewAhead how long before its expiry the access token is renewed
 * @param isIssued whether a token endpoint issued the tokens
 */
record Account(JsonObject config, Credentials credentials, Secrets secrets, Duration renewAhead, boolean isIssued) {

    /** @param sealed the values that were sealed: the credentials, and what this service notes about them */
    static Account of(UUID userIntegrationId, JsonObject config, Map<String, String> sealed, OpenCredentials seal) {
        var values = new HashMap<>(sealed);
        values.keySet().removeIf(key -> key.startsWith(OAuthClients.RESERVED));
        var credentials = new Credentials(values);
        return new Account(
                config,
                credentials,
                Secrets.of(credentials, seal.placeholders(userIntegrationId)),
                Expiry.ahead(sealed),
                OAuthClients.areIssued(sealed));
    }

    /** This account with the defaults of the integration's config schema. */
    Account withDefaultsOf(JsonObject configSchema) {
        return new Account(config.withDefaultsOf(configSchema), credentials, secrets, renewAhead, isIssued);
    }
}
