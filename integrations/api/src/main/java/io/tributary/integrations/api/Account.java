package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The account at the provider that a user integration is connected to.
 *
 * @param id the provider's id of it; null: the provider has none
 * @param displayName what a person would call it, such as an address; null: unknown
 * @param settings config that the provider knows better than the user, such as {@code username}: added to the config
 *     where the user gave no value
 */
public record Account(@Nullable String id, @Nullable String displayName, JsonObject settings) {

    /** Nothing is known. */
    public static final Account UNKNOWN = new Account(null, null, JsonObject.EMPTY);

    public Account {
        requireNonNull(settings, "settings");
    }
}
