package io.tributary.standalone.api;

import java.util.Map;

/**
 * An account to be connected.
 *
 * @param credentials by key; sealed by the API, and never given back
 */
public record Account(
        String userId,
        String integrationDomain,
        String name,
        Map<String, Object> config,
        Map<String, String> credentials,
        int pollIntervalMinutes) {

    @Override
    public String toString() {
        return integrationDomain + " account " + name + " of " + userId;
    }
}
