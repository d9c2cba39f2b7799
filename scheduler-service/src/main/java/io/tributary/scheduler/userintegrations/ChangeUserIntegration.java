package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.addresses.Destination;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.SyncStatus;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes a user integration. New credentials or a new config reconnect an account: an expired or broken one is active
 * and due again, and a system run identifies it anew.
 */
@Component
record ChangeUserIntegration(
        Accounts accounts,
        Manifests manifests,
        CheckUserIntegration check,
        UserIntegrationTable table,
        Pauses pauses,
        CommandWorkers commandWorkers) {

    private static final Set<String> STATUSES = Set.of(SyncStatus.active.name(), SyncStatus.paused.name());

    /** @throws ApiException when there is no such row, or the change is invalid; nothing was changed */
    UserIntegration change(UUID id, UserIntegrationChange request, IfMatch ifMatch, Caller caller) {
        var change = request.withAllCredentials();
        return accounts.change(id, ifMatch, caller, current -> {
            Supplier<Manifest> manifest =
                    () -> manifests.require(current.account().integrationDomain());
            check(change, manifest);
            if (change.settings().credentials() == null && change.settings().config() != null) {
                checkDestination(id, change.settings().config(), manifest.get());
            }
            if (SyncStatus.active.name().equals(change.syncStatus())) {
                pauses.releaseIfPaused(id, caller);
            }
            if (change.settings().changesAccess()) {
                commandWorkers.credentialsChanged(id);
            }
            table.update(current, change, status(change, current.status()), manifest);
            return table.get(id, caller);
        });
    }

    private void check(UserIntegrationChange change, Supplier<Manifest> manifest) {
        var violations = new Violations();
        check.check(change.settings(), 0, manifest, violations);
        violations.check(
                change.syncStatus() == null || STATUSES.contains(change.syncStatus()),
                "/syncStatus",
                "must be active or paused");
        violations.check(
                change.syncStatus() == null || !change.isAuthorizedLater(),
                "/syncStatus",
                "must be left out with authorize");
        var credentials = change.settings().credentials();
        if (credentials != null && change.isAuthorizedLater()) {
            CheckCredentials.checkIncomplete(credentials, manifest.get(), violations);
        } else if (credentials != null) {
            CheckCredentials.check(credentials, manifest.get(), violations);
        }
        violations.throwIfAny();
    }

    /**
     * Credentials are bound to the place that they were given for. Nobody can read them, so nobody may have them sent
     * to another place either: not with the caller's token alone, and not as an operator.
     */
    private void checkDestination(UUID id, ObjectNode config, Manifest manifest) {
        table.configWithCredentials(id).ifPresent(before -> {
            var destination = Destination.of(manifest.withDefaults(config), manifest.configSchema());
            destination
                    .differenceTo(Destination.of(manifest.withDefaults(before), manifest.configSchema()))
                    .ifPresent(key -> {
                        throw new ApiException(Problem.of(
                                HttpStatus.CONFLICT,
                                "credentials.destinationChanged",
                                "/config" + key
                                        + " decides where the credentials are sent, and the present ones are not for"
                                        + " the new value. Give credentials in the same request, or authorize: true to"
                                        + " connect the account again by OAuth2."));
                    });
        });
    }

    private static SyncStatus status(UserIntegrationChange change, SyncStatus current) {
        if (change.isAuthorizedLater()) {
            return SyncStatus.expired;
        }
        if (change.syncStatus() != null) {
            return SyncStatus.valueOf(change.syncStatus());
        }
        boolean stopped = current == SyncStatus.expired || current == SyncStatus.error;
        return stopped && change.settings().changesAccess() ? SyncStatus.active : current;
    }
}
