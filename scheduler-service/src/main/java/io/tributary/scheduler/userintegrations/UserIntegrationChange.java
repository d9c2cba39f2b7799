package io.tributary.scheduler.userintegrations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body that changes a user integration.
 *
 * @param syncStatus {@code paused}: no longer polled; {@code active}: polled again, due immediately; null: it stays
 * @param authorize whether the account is connected anew by OAuth2: its tokens are dropped, credentials may be
 *     incomplete, and it is expired until it is authorized; default false
 */
record UserIntegrationChange(
        @JsonUnwrapped Settings settings,
        @Nullable String syncStatus,
        @Nullable Boolean authorize) {

    boolean isAuthorizedLater() {
        return Boolean.TRUE.equals(authorize);
    }

    /** This change with the credentials that it sets: none, where it drops them. */
    UserIntegrationChange withAllCredentials() {
        return isAuthorizedLater() && settings.credentials() == null
                ? new UserIntegrationChange(settings.withCredentials(Map.of()), syncStatus, authorize)
                : this;
    }
}
