package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.RefreshAccess;
import io.tributary.worker.engine.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the access token of a user integration is renewed: before a task when it expires within 5 minutes, after
 * a task when the provider refused it. Thread safe.
 */
final class KeepAccess {

    private final RenewAccess renewal;
    private final Accounts accounts;
    private final Clock clock;

    KeepAccess(RenewAccess renewal, Accounts accounts, Clock clock) {
        this.renewal = renewal;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** What a task is executed with. */
    sealed interface Access {}

    record Given(Account account) implements Access {}

    /** It cannot be executed now, or at all. */
    record Withheld(Outcome outcome) implements Access {}

    /** The access of a task that is to be executed. */
    Access beforeTask(Manifest manifest, UUID userIntegrationId, Account account) throws InterruptedException {
        if (!expiresWithin(account.credentials(), RefreshAccess.AHEAD) || !isPossible(manifest, account)) {
            return new Given(account);
        }
        boolean stillValid = !expiresWithin(account.credentials(), Duration.ZERO);
        if (stillValid && renewal.rests(userIntegrationId)) {
            return new Given(account);
        }
        Access renewed = renew(manifest, userIntegrationId, account);
        // As long as the old token is valid, a task goes on with it; whatever is wrong shows soon enough.
        boolean goesOn = stillValid && renewed instanceof Withheld(Outcome outcome) && mayPass(outcome);
        return goesOn ? new Given(account) : renewed;
    }

    /** The access to execute a task with once more, after the provider refused it; empty: there is no other. */
    Optional<Access> afterRefusal(Manifest manifest, UUID userIntegrationId, Account account)
            throws InterruptedException {
        return isPossible(manifest, account)
                ? Optional.of(renew(manifest, userIntegrationId, account))
                : Optional.empty();
    }

    /** Renews the access if it has not been in the meantime: what the system task does. */
    Access ahead(Manifest manifest, UUID userIntegrationId, Account account) throws InterruptedException {
        return isPossible(manifest, account) && expiresWithin(account.credentials(), RefreshAccess.AHEAD)
                ? renew(manifest, userIntegrationId, account)
                : new Given(account);
    }

    private Access renew(Manifest manifest, UUID userIntegrationId, Account account) throws InterruptedException {
        @Nullable String stale = account.credentials().find("accessToken").orElse(null);
        var renewed = renewal.refresh(userIntegrationId, manifest.oauth2(), stale);
        return switch (renewed) {
            case RenewAccess.Fresh(var fresh) -> {
                accounts.forget(userIntegrationId); // So that all other tasks read the new token.
                yield new Given(fresh);
            }
            case RenewAccess.NotNow(var code, var message, var after) ->
                new Withheld(new Outcome.Throttled(code, message, after));
            case RenewAccess.Refused(var kind, var code, var message) ->
                new Withheld(new Outcome.Failed(kind, code, message));
            case RenewAccess.Gone() -> new Withheld(ExecuteTask.GONE);
        };
    }

    private static boolean isPossible(Manifest manifest, Account account) {
        return manifest.auth().contains(Manifest.Auth.OAUTH2)
                && RenewAccess.isPossible(account.config(), account.credentials(), manifest.oauth2());
    }

    /** No access token at all counts as expired. */
    private boolean expiresWithin(Credentials credentials, Duration time) {
        Instant limit = clock.instant().plus(time);
        return credentials.find("accessToken").isEmpty()
                || Expiry.of(credentials).map(expiry -> !expiry.isAfter(limit)).orElse(false);
    }

    private static boolean mayPass(Outcome outcome) {
        return outcome instanceof Outcome.Throttled
                || outcome instanceof Outcome.Failed failed && failed.kind() == Outcome.Kind.TRANSIENT;
    }

    void forget(UUID userIntegrationId) {
        accounts.forget(userIntegrationId);
        renewal.forget(userIntegrationId);
    }
}
