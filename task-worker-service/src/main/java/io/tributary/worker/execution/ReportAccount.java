package io.tributary.worker.execution;

import io.tributary.integrations.api.Account;
import io.tributary.schemas.ProviderAccount;
import io.tributary.worker.codec.Json;
import io.tributary.worker.engine.Outcome;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks the account that an integration identified, before it goes onto a topic: it must be small, and must not
 * contain a credential.
 */
final class ReportAccount {

    private ReportAccount() {}

    /** @param secrets of the request to the provider */
    static Outcome of(@Nullable Account found, Secrets secrets) {
        if (found == null) {
            return Outcomes.permanent(
                    "polling.taskResultInvalid", "The integration returned null instead of an account.");
        }
        if (found.equals(Account.UNKNOWN)) {
            return Outcome.Completed.identified(null);
        }
        String settings = Json.write(found.settings());
        if (isLong(found.id())
                || isLong(found.displayName())
                || settings.getBytes(StandardCharsets.UTF_8).length > Account.MAX_SETTINGS_BYTES) {
            return Outcomes.permanent(
                    "polling.taskResultTooLarge",
                    "The account that the integration returned is too large: id and display name may have "
                            + Account.MAX_TEXT_LENGTH + " characters, the settings " + Account.MAX_SETTINGS_BYTES
                            + " bytes of JSON.");
        }
        if (secrets.occurIn(found.id()) || secrets.occurIn(found.displayName()) || secrets.occurIn(found.settings())) {
            return Outcomes.permanent(
                    "polling.taskResultInvalid",
                    "The account that the integration returned holds a credential, and was dropped.");
        }
        return Outcome.Completed.identified(new ProviderAccount(found.id(), found.displayName(), settings));
    }

    private static boolean isLong(@Nullable String text) {
        return text != null && text.length() > Account.MAX_TEXT_LENGTH;
    }
}
