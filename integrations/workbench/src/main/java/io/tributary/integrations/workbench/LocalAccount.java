package io.tributary.integrations.workbench;

import io.tributary.integrations.api.JsonObject;
import java.util.Map;

/**
 * An account that exists for a test or a command only.
 *
 * @param credentials by the keys of {@link io.tributary.integrations.api.Credentials}
 */
public record LocalAccount(JsonObject config, Map<String, String> credentials) {

    /** No config, no credentials. */
    public static final LocalAccount EMPTY = new LocalAccount(JsonObject.EMPTY, Map.of());

    public LocalAccount {
        credentials = Map.copyOf(credentials);
    }

    /** Without a value of the credentials. */
    @Override
    public String toString() {
        return "LocalAccount[" + credentials.keySet() + "]";
    }
}
