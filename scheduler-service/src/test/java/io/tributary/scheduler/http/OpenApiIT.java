package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedScheduler.class)
class OpenApiIT {

    @Test
    void describesBodiesProblemsAndTokens(RunningScheduler scheduler) {
        var document = scheduler.nobody().get("/v3/api-docs").expect(200).json();
        var schemas = document.get("components").get("schemas");
        var create = document.get("paths").get("/v1/user-integrations").get("post");

        assertThat(create.get("requestBody")
                        .get("content")
                        .get("application/json")
                        .get("schema")
                        .get("$ref")
                        .asString())
                .endsWith("/NewUserIntegration");
        assertThat(schemas.get("NewUserIntegration").get("properties").propertyNames())
                .contains("integrationDomain", "config", "credentials", "scheduleCron");
        assertThat(create.get("responses").propertyNames())
                .contains("201", "400", "401", "403", "409", "422", "429", "503")
                .doesNotContain("default", "500");
        assertThat(create.get("parameters").size()).isEqualTo(1);
        assertThat(create.get("parameters").get(0).get("name").asString()).isEqualTo("Idempotency-Key");
        assertThat(schemas.get("Problem").get("properties").propertyNames()).contains("code", "detail", "errors");
        assertThat(document.get("security").get(0).has("bearer")).isTrue();
    }

    @Test
    void isThereToTryOutInABrowser(RunningScheduler scheduler) {
        assertThat(scheduler.nobody().get("/swagger-ui/index.html").expect(200).contentType())
                .startsWith("text/html");
        scheduler.nobody().get("/v3/api-docs/swagger-config").expect(200);
    }

    @Test
    void describesEveryCall(RunningScheduler scheduler) {
        var paths = scheduler.nobody().get("/v3/api-docs").expect(200).json().get("paths");

        var calls = new TreeSet<String>();
        paths.forEachEntry(
                (path, methods) -> methods.propertyNames().forEach(method -> calls.add(method + " " + path)));
        assertThat(calls)
                .containsExactly(
                        "delete /sync/queue/{id}",
                        "delete /v1/notification-templates/{id}",
                        "delete /v1/suppressions/{id}",
                        "delete /v1/user-integrations/{id}",
                        "delete /v1/user-integrations/{id}/webhook-endpoint",
                        "delete /v1/webhook-endpoints/{key}",
                        "delete /v1/webhooks/{id}",
                        "get /oauth/callback",
                        "get /sync",
                        "get /sync/info",
                        "get /sync/platforms",
                        "get /sync/queue",
                        "get /sync/queue/{id}",
                        "get /sync/status",
                        "get /v1/activities",
                        "get /v1/audit-log",
                        "get /v1/billing/accounts/{orgId}",
                        "get /v1/billing/plans",
                        "get /v1/credential-keys",
                        "get /v1/dead-letters",
                        "get /v1/dead-letters/causes",
                        "get /v1/dead-letters/{id}",
                        "get /v1/inbox",
                        "get /v1/invoices",
                        "get /v1/invoices/{id}",
                        "get /v1/invoices/{id}/events",
                        "get /v1/metrics",
                        "get /v1/notification-preferences",
                        "get /v1/notification-templates",
                        "get /v1/notification-templates/{id}",
                        "get /v1/notifications",
                        "get /v1/notifications/{id}",
                        "get /v1/replays",
                        "get /v1/replays/{id}",
                        "get /v1/suppressions",
                        "get /v1/suppressions/{id}",
                        "get /v1/sync-runs",
                        "get /v1/sync-runs/{id}",
                        "get /v1/sync-runs/{id}/failures",
                        "get /v1/sync-runs/{id}/proof",
                        "get /v1/sync-stats",
                        "get /v1/usage",
                        "get /v1/user-integration-content",
                        "get /v1/user-integration-content/{id}/content",
                        "get /v1/user-integrations",
                        "get /v1/user-integrations/{id}",
                        "get /v1/user-integrations/{id}/effects/{key}",
                        "get /v1/user-integrations/{id}/explain",
                        "get /v1/user-integrations/{id}/webhook-endpoint",
                        "get /v1/webhook-endpoints/{key}",
                        "get /v1/webhooks",
                        "get /v1/webhooks/{id}",
                        "get /v1/webhooks/{id}/deliveries",
                        "patch /v1/user-integrations/{id}",
                        "post /sync/pause/{name}",
                        "post /sync/purge",
                        "post /sync/queue",
                        "post /sync/resume/{name}",
                        "post /sync/trigger",
                        "post /sync/trigger/{platform}",
                        "post /sync/trigger/{platform}/{syncType}",
                        "post /v1/billing/accounts/{orgId}/credits",
                        "post /v1/dead-letters/{id}:redrive",
                        "post /v1/dead-letters:redrive",
                        "post /v1/inbox/{id}/read",
                        "post /v1/inbox:read",
                        "post /v1/notification-templates",
                        "post /v1/notifications",
                        "post /v1/notifications/{id}/cancel",
                        "post /v1/notifications:bulk",
                        "post /v1/replays",
                        "post /v1/replays/{id}/cancel",
                        "post /v1/suppressions",
                        "post /v1/sync-runs/{id}/cancel",
                        "post /v1/usage",
                        "post /v1/user-integrations",
                        "post /v1/user-integrations/{id}/actions/{name}",
                        "post /v1/user-integrations/{id}/authorize",
                        "post /v1/user-integrations/{id}/trigger",
                        "post /v1/user-integrations/{id}/webhook-endpoint",
                        "post /v1/user-integrations/{id}:refresh",
                        "post /v1/user-integrations/{id}:test",
                        "post /v1/webhook-endpoints",
                        "post /v1/webhooks",
                        "post /v1/webhooks/{id}:enable",
                        "put /v1/billing/accounts/{orgId}",
                        "put /v1/billing/plans/{id}",
                        "put /v1/notification-preferences",
                        "put /v1/notification-templates/{id}");
    }
}
