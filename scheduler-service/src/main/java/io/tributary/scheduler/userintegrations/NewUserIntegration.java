package io.tributary.scheduler.userintegrations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Body that creates a user integration.
 *
 * @param userId owner; an administrator may name a user of the organisation, an operator any user; default the caller
 * @param orgId the owner's organisation; only operators may name another one than their own; default the caller's, and
 *     the owner alone when an operator names another user
 * @param integrationDomain domain of an integration that a worker has announced
 * @param authorize whether the account is connected by OAuth2 afterwards: then credentials may be incomplete (they may
 *     have a clientId and a clientSecret), and the account is expired until it is authorized; default false
 */
record NewUserIntegration(
        @Nullable String userId,
        @Nullable String orgId,
        @Nullable String integrationDomain,
        @JsonUnwrapped Settings settings,
        @Nullable Boolean authorize) {

    /** Its settings with defaults for a missing name, config or credentials. */
    Settings settingsWithDefaults(String displayName) {
        return new Settings(
                Objects.requireNonNullElse(settings.name(), displayName),
                Objects.requireNonNullElseGet(settings.config(), JsonNodeFactory.instance::objectNode),
                Objects.requireNonNullElse(settings.credentials(), Map.of()),
                settings.pollIntervalMinutes(),
                settings.rules(),
                settings.schedules(),
                settings.retentionDays());
    }

    boolean isAuthorizedLater() {
        return Boolean.TRUE.equals(authorize);
    }
}
