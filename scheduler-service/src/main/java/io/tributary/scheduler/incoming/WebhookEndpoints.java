package io.tributary.scheduler.incoming;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.incoming.EndpointTable.Found;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.WebhookDocument;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** The endpoints of accounts and of provider apps. A secret is sealed, and shown once if it was generated. */
@Component
record WebhookEndpoints(
        EndpointTable endpoints,
        Accounts accounts,
        Manifests manifests,
        SealCredentials seal,
        IncomingProperties properties,
        Clock clock) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final Pattern PUBLIC_KEY = Pattern.compile("[0-9a-fA-F]{64}");

    private record Secret(String secret, String verifyToken) {}

    /** @throws ApiException there is no such account, it has one already, or the request is invalid */
    WebhookEndpointView create(UUID userIntegrationId, NewWebhookEndpoint request, Caller caller) {
        Account account = accounts.require(userIntegrationId, caller);
        return create(userIntegrationId, account.integrationDomain(), request);
    }

    /** @throws ApiException no worker has announced the integration, or the request is invalid */
    WebhookEndpointView createForApp(NewAppEndpoint request) {
        var violations = new Violations();
        violations.check(request.integrationDomain() != null, "/integrationDomain", "is missing");
        violations.throwIfAny();
        return create(
                null,
                requireNonNull(request.integrationDomain()),
                new NewWebhookEndpoint(request.secret(), request.verifyToken()));
    }

    private WebhookEndpointView create(@Nullable UUID account, String domain, NewWebhookEndpoint request) {
        WebhookDocument webhook = manifests.require(domain).webhook();
        if (webhook == null || (account == null && webhook.account() == null)) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "webhooks.notSupported",
                    "The integration '" + domain + "' takes no webhooks"
                            + (webhook == null ? "." : " of provider apps. Create endpoints of its accounts.")));
        }
        check(webhook, request);
        UUID key = UUID.randomUUID();
        String secret = request.secret() == null ? newSecret() : request.secret();
        String token = request.verifyToken() == null ? newSecret() : request.verifyToken();
        var now = clock.instant();
        if (!endpoints.insert(key, account, domain, seal.sealJson(key, new Secret(secret, token)), now)) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "webhooks.endpointExists",
                    "The account has a webhook endpoint. Delete it first, to replace its secret."));
        }
        return new WebhookEndpointView(
                key, url(domain, key), domain, request.secret() == null ? secret : null, token, now);
    }

    private static void check(WebhookDocument webhook, NewWebhookEndpoint request) {
        var violations = new Violations();
        checkSecret(request.secret(), 500, "/secret", violations);
        checkSecret(request.verifyToken(), 200, "/verifyToken", violations);
        if (webhook.verify().method().equals("ed25519")) {
            violations.check(
                    request.secret() != null
                            && PUBLIC_KEY.matcher(request.secret()).matches(),
                    "/secret",
                    "must be the provider's public key, 64 hexadecimal digits");
        }
        violations.throwIfAny();
    }

    private static void checkSecret(@Nullable String text, int longest, String path, Violations violations) {
        violations.checkText(text, longest, path);
        violations.check(text == null || text.length() >= 8, path, "must have 8 characters and more");
    }

    /** @throws ApiException there is no such account, or it has no endpoint */
    WebhookEndpointView get(UUID userIntegrationId, Caller caller) {
        return view(endpoints.ofAccount(userIntegrationId, caller).orElseThrow(ApiException::notFound));
    }

    /** @throws ApiException there is no such endpoint of a provider app */
    WebhookEndpointView getOfApp(UUID key) {
        return view(endpoints.ofApp(key).orElseThrow(ApiException::notFound));
    }

    /** @throws ApiException there is no such account, or it has no endpoint */
    void delete(UUID userIntegrationId, Caller caller) {
        if (!endpoints.deleteOfAccount(userIntegrationId, caller)) {
            throw ApiException.notFound();
        }
    }

    /** @throws ApiException there is no such endpoint of a provider app */
    void deleteOfApp(UUID key) {
        if (!endpoints.deleteOfApp(key)) {
            throw ApiException.notFound();
        }
    }

    private WebhookEndpointView view(Found found) {
        return new WebhookEndpointView(
                found.id(),
                url(found.integrationDomain(), found.id()),
                found.integrationDomain(),
                null,
                null,
                found.createdAt());
    }

    private String url(String domain, UUID key) {
        String base = properties.url().toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/webhooks/" + domain + "/" + key;
    }

    private static String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
