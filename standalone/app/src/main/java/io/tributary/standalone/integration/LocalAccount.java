package io.tributary.standalone.integration;

import io.tributary.integrations.api.JsonObject;
import java.util.Map;

/**
 * An account that exists for a command only.
 *
 * @param credentials by the keys of {@link io.tributary.integrations.api.Credentials}
 */
public record LocalAccount(JsonObject config, Map<String, String> credentials) {

    public LocalAccount {
        credentials = Map.copyOf(credentials);
    }

    /** Without a value of the credentials. */
    @Override
    public String toString() {
        return "LocalAccount[" + credentials.keySet() + "]";
    }
}
