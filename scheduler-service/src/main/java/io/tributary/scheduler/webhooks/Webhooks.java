package io.tributary.scheduler.webhooks;

import static java.util.Objects.requireNonNull;

import io.tributary.egress.Outbound;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The webhooks of users; callers see their own. */
@Component
record Webhooks(
        WebhookTable webhooks,
        DeliveryTable deliveries,
        WebhookState state,
        SealCredentials seal,
        Outbound outbound,
        Clock clock) {

    /** Type of the event that a webhook was disabled. */
    static final String DISABLED = "webhook.disabled";

    private static final int MAX_URL = 2_000;

    private static final Set<String> TYPES = Set.of(
            "run.completed",
            "run.failed",
            "run.cancelled",
            "integration.connected",
            "integration.paused",
            "integration.resumed",
            "integration.expired",
            "integration.failed",
            "integration.flagged",
            "integration.flagCleared",
            "billing.cycle_closed",
            DISABLED);

    /** @throws ApiException with all violations of the request */
    Webhook create(NewWebhook request, Caller caller) {
        String url = check(request);
        UUID id = UUID.randomUUID();
        String secret = Signature.newSecret();
        List<String> types = request.eventTypes();
        var now = clock.instant();
        var webhook = new Webhook(id, caller.userId(), url, types, now, null, null, null, secret);
        webhooks.insert(webhook, caller.orgId(), seal.sealJson(id, secret));
        return webhook;
    }

    private String check(NewWebhook request) {
        var violations = new Violations();
        String url = request.url();
        violations.check(url != null, "/url", "is missing");
        violations.checkText(url, MAX_URL, "/url");
        if (url != null) {
            try {
                String refused = outbound.whyRefused(URI.create(url));
                violations.check(refused == null, "/url", String.valueOf(refused));
            } catch (IllegalArgumentException _) {
                violations.add("/url", "is not a URL");
            }
        }
        if (request.eventTypes() != null) {
            violations.check(
                    !request.eventTypes().isEmpty()
                            && request.eventTypes().stream().allMatch(type -> type != null && TYPES.contains(type)),
                    "/eventTypes",
                    "must be some of "
                            + String.join(", ", TYPES.stream().sorted().toList()));
        }
        violations.throwIfAny();
        return requireNonNull(url);
    }

    Page<Webhook> list(PageRequest page, Caller caller) {
        page.check();
        var found = webhooks.list(page.afterId(Cursor.WEBHOOKS), page.rows(), caller);
        return page.of(found, Cursor.WEBHOOKS, Webhook::id);
    }

    /** @throws ApiException when there is no such webhook */
    Webhook get(UUID id, Caller caller) {
        return webhooks.find(id, caller).orElseThrow(ApiException::notFound);
    }

    /**
     * Forgets the failures of a webhook, so that events are posted from now on.
     *
     * @throws ApiException when there is no such webhook
     */
    Webhook enable(UUID id, Caller caller) {
        get(id, caller);
        state.working(id);
        return get(id, caller);
    }

    /** Deletes a webhook with its deliveries. */
    void delete(UUID id, Caller caller) {
        if (!webhooks.delete(id, caller)) {
            throw ApiException.notFound();
        }
    }

    /** Lists the deliveries of a webhook, newest first. */
    Page<WebhookDelivery> deliveries(UUID id, PageRequest page, Caller caller) {
        page.check();
        get(id, caller);
        var found = deliveries.list(id, page.afterNumber(Cursor.WEBHOOK_DELIVERIES, Long.MAX_VALUE), page.rows());
        return page.of(found, Cursor.WEBHOOK_DELIVERIES, WebhookDelivery::id);
    }
}
