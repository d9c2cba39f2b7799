package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.userintegrations.UserIntegration.Owner;
import java.util.Objects;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Connects an account: checks the request, seals the credentials, and makes the user integration due immediately. */
@Component
record CreateUserIntegration(
        Manifests manifests,
        CheckUserIntegration check,
        UserIntegrationTable table,
        TransactionOperations transaction) {

    /** Longest id of a user or an organisation, characters. */
    private static final int MAX_ID = 255;

    /** Longest domain, characters. */
    private static final int MAX_DOMAIN = 63;

    /** @throws ApiException with all violations of the request; nothing was created */
    UserIntegration create(NewUserIntegration request, Caller caller) {
        Owner owner = owner(request, caller);
        if (!caller.mayCreateFor(owner.userId(), owner.orgId())) {
            throw new ApiException(Problem.of(
                    HttpStatus.FORBIDDEN,
                    "api.forbidden",
                    "Users connect accounts for themselves, administrators for the users of their organisation: leave"
                            + " userId or orgId out."));
        }
        Manifest manifest = manifests.require(domain(request, owner));
        var settings = request.settingsWithDefaults(manifest.displayName());
        check(settings, request.isAuthorizedLater(), manifest);
        return Objects.requireNonNull(transaction.execute(_ -> {
            UUID id = UUID.randomUUID();
            table.insert(id, owner, manifest, settings, request.isAuthorizedLater());
            return table.get(id, caller);
        }));
    }

    private static Owner owner(NewUserIntegration request, Caller caller) {
        String userId = Objects.requireNonNullElse(request.userId(), caller.userId());
        boolean inOrgOfCaller = userId.equals(caller.userId()) || !caller.operator();
        String orgId = Objects.requireNonNullElse(request.orgId(), inOrgOfCaller ? caller.orgId() : userId);
        return new Owner(userId, orgId);
    }

    private static String domain(NewUserIntegration request, Owner owner) {
        var violations = new Violations();
        violations.checkText(owner.userId(), MAX_ID, "/userId");
        violations.checkText(owner.orgId(), MAX_ID, "/orgId");
        violations.check(request.integrationDomain() != null, "/integrationDomain", "is missing");
        violations.checkText(request.integrationDomain(), MAX_DOMAIN, "/integrationDomain");
        violations.throwIfAny();
        return Objects.requireNonNull(request.integrationDomain());
    }

    private void check(Settings settings, boolean authorizedLater, Manifest manifest) {
        var violations = new Violations();
        check.check(settings, 1, () -> manifest, violations);
        var credentials = Objects.requireNonNull(settings.credentials());
        if (authorizedLater) {
            CheckCredentials.checkIncomplete(credentials, manifest, violations);
        } else {
            CheckCredentials.check(credentials, manifest, violations);
        }
        violations.throwIfAny();
    }
}
