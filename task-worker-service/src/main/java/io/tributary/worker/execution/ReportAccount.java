package io.tributary.worker.execution;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Credentials;
import io.tributary.schemas.ProviderAccount;
import io.tributary.worker.Json;
import io.tributary.worker.engine.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks whose account an integration says it is connected to, before that goes onto a topic: it has to be small, and no
 * credential may be in it.
 */
final class ReportAccount {

    /** Id and display name at most, characters each. */
    static final int MAX_TEXT = 500;

    /** Settings at most, characters of JSON. */
    static final int MAX_SETTINGS = 16 * 1024;

    /** Shorter secrets occur in other words by chance: they are looked for as a whole value only. */
    private static final int TELLING_LENGTH = 8;

    private static final List<String> SECRETS =
            List.of("accessToken", "refreshToken", "clientSecret", "apiKey", "password", "privateKey");

    private ReportAccount() {}

    /** @param credentials that the provider was asked with */
    static Outcome of(@Nullable Account found, Credentials credentials) {
        if (found == null) {
            return refused("polling.taskResultInvalid", "The integration returned null instead of an account.");
        }
        if (found.equals(Account.UNKNOWN)) {
            return Outcome.Completed.connected(null);
        }
        String settings = Json.write(found.settings());
        if (isLong(found.id()) || isLong(found.displayName()) || settings.length() > MAX_SETTINGS) {
            return refused(
                    "polling.taskResultTooLarge",
                    "The account that the integration returned is too large: id and display name may have " + MAX_TEXT
                            + " characters, the settings " + MAX_SETTINGS + " of JSON.");
        }
        if (holdsSecret(found, settings, credentials)) {
            return refused(
                    "polling.taskResultInvalid",
                    "The account that the integration returned holds a credential, and was dropped.");
        }
        return Outcome.Completed.connected(new ProviderAccount(found.id(), found.displayName(), settings));
    }

    private static boolean isLong(@Nullable String text) {
        return text != null && text.length() > MAX_TEXT;
    }

    private static boolean holdsSecret(Account found, String settings, Credentials credentials) {
        String all = json(Arrays.asList(found.id(), found.displayName())) + settings;
        return SECRETS.stream()
                .map(credentials::find)
                .flatMap(Optional::stream)
                .filter(secret -> !secret.isBlank())
                .anyMatch(secret -> all.contains(inJson(secret)));
    }

    private static String inJson(String secret) {
        String quoted = json(secret);
        return secret.length() < TELLING_LENGTH ? quoted : quoted.substring(1, quoted.length() - 1);
    }

    private static String json(Object value) {
        return Json.MAPPER.writeValueAsString(value);
    }

    private static Outcome refused(String code, String message) {
        return new Outcome.Failed(Outcome.Kind.PERMANENT, code, message);
    }
}
