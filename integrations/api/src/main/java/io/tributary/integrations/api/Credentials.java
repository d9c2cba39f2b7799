package io.tributary.integrations.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets of a user integration. The keys are {@code accessToken}, {@code refreshToken}, {@code expiresAt},
 * {@code clientId}, {@code clientSecret}, {@code apiKey}, {@code username}, {@code password} and {@code privateKey}.
 * {@link #toString} names the keys and no value.
 */
public final class Credentials {

    private final Map<String, String> values;

    public Credentials(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** No credentials. */
    public static Credentials none() {
        return new Credentials(Map.of());
    }

    /** The keys that have a value. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** The value of a key, if there is one. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * The value of a key.
     *
     * @throws TaskFailure.Unauthorized when there is none: the user has to connect the account again
     */
    public String require(String key) throws TaskFailure.Unauthorized {
        String value = values.get(key);
        if (value == null) {
            throw new TaskFailure.Unauthorized(
                    "polling.credentialsMissing",
                    "The credentials have no " + key + ": connect the account again.",
                    null);
        }
        return value;
    }

    @Override
    public String toString() {
        return "Credentials" + values.keySet();
    }
}
