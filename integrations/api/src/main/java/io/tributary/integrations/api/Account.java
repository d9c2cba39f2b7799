package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The account at the provider that a user integration is connected to.
 *
 * @param id the provider's id of the account, at most {@link #MAX_TEXT_LENGTH}; null: none
 * @param displayName the name that a person would use, such as an address, at most {@link #MAX_TEXT_LENGTH}; null:
 *     unknown
 * @param settings config that the provider knows better than the user, such as {@code username}: added to the config
 *     where the user gave no value. At most {@link #MAX_SETTINGS_BYTES}
 */
public record Account(@Nullable String id, @Nullable String displayName, JsonObject settings) {

    /** Longest id and name, characters. */
    public static final int MAX_TEXT_LENGTH = 500;

    /** Largest settings, bytes of their JSON in UTF-8. */
    public static final int MAX_SETTINGS_BYTES = 16 * 1024;

    /** An unknown account. */
    public static final Account UNKNOWN = new Account(null, null, JsonObject.EMPTY);

    public Account {
        requireNonNull(settings, "settings");
    }
}
