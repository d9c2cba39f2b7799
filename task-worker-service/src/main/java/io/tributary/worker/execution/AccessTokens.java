package io.tributary.worker.execution;

import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.Manifest;
import io.tributary.secrets.Expiry;
import io.tributary.worker.engine.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides when the access token of a user integration is renewed: before a task when it is in the last part of
 * its life, after a task when the provider rejected it. Thread safe.
 */
record AccessTokens(RenewAccess renewal, Accounts accounts, Clock clock) {

    /** The access of a task that is to be executed. */
    Access beforeTask(Manifest manifest, UUID userIntegrationId, Account account) throws InterruptedException {
        if (!isDue(manifest, account) || !isPossible(manifest, account)) {
            return new Access.Given(account);
        }
        boolean stillValid = !expiresWithin(account.credentials(), Duration.ZERO);
        if (stillValid && renewal.backsOff(userIntegrationId)) {
            return new Access.Given(account);
        }
        Access renewed = renew(manifest, userIntegrationId, account);
        // As long as the old token is valid, a task uses it, and ignores a failed renewal.
        boolean goesOn = stillValid && renewed instanceof Access.Withheld(Outcome outcome) && mayPass(outcome);
        return goesOn ? new Access.Given(account) : renewed;
    }

    /** The access for a second execution, after the provider rejected the first access; empty: there is no other. */
    Optional<Access> afterRejection(Manifest manifest, UUID userIntegrationId, Account account)
            throws InterruptedException {
        return isPossible(manifest, account)
                ? Optional.of(renew(manifest, userIntegrationId, account))
                : Optional.empty();
    }

    /**
     * Renews the access unless it was renewed in the meantime: the work of the system task.
     *
     * @param force renew it whatever its age
     */
    Access ahead(Manifest manifest, UUID userIntegrationId, Account account, boolean force)
            throws InterruptedException {
        if (!isPossible(manifest, account)) {
            return force ? RenewAccess.impossible() : new Access.Given(account);
        }
        return force || isDue(manifest, account)
                ? renew(manifest, userIntegrationId, account)
                : new Access.Given(account);
    }

    private Access renew(Manifest manifest, UUID userIntegrationId, Account account) throws InterruptedException {
        var renewed = renewal.refresh(userIntegrationId, manifest, RenewAccess.accessToken(account.credentials()));
        if (renewed instanceof Access.Given) {
            accounts.forget(userIntegrationId); // So that all other tasks read the new token.
        }
        return renewed;
    }

    private static boolean isPossible(Manifest manifest, Account account) {
        return manifest.auth().contains(Manifest.Auth.OAUTH2)
                && RenewAccess.isPossible(account.config(), account.credentials(), manifest.oauth2());
    }

    private boolean isDue(Manifest manifest, Account account) {
        return expiresWithin(account.credentials(), account.renewAhead())
                || account.isIssued() && ChooseGrant.livesShortly(manifest.oauth2(), account.credentials());
    }

    /** No access token at all counts as expired. */
    private boolean expiresWithin(Credentials credentials, Duration time) {
        Instant limit = clock.instant().plus(time);
        return credentials.find("accessToken").isEmpty()
                || credentials
                        .find("expiresAt")
                        .flatMap(Expiry::parse)
                        .map(expiry -> !expiry.isAfter(limit))
                        .orElse(false);
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
