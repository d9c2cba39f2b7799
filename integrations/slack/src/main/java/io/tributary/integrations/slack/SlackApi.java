package io.tributary.integrations.slack;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls methods of Slack's Web API. Slack tells errors inside answers of status 200, as {@code {"ok": false, "error":
 * "..."}}; rate limits alone have a status, 429 with {@code Retry-After}. What the errors mean:
 *
 * <table>
 *   <caption>failures of this integration, in addition to those of {@link io.tributary.integrations.api.Http}</caption>
 *   <tr><td>{@code slack.rateLimited}</td><td>RetryLater</td></tr>
 *   <tr><td>{@code slack.authFailed}</td><td>Unauthorized: the token is unknown, expired or revoked, or its account is
 *       gone, and {@code auth.test} says so too</td></tr>
 *   <tr><td>{@code slack.scopeMissing}</td><td>Unauthorized: the app was not granted what this needs</td></tr>
 *   <tr><td>{@code slack.channelRefused}</td><td>Permanent: a channel that does not exist or was not joined</td></tr>
 *   <tr><td>{@code slack.providerFailed}</td><td>Transient: something went wrong at Slack</td></tr>
 *   <tr><td>{@code slack.requestRefused}</td><td>Permanent: any other error, or another 4xx</td></tr>
 *   <tr><td>{@code slack.pagesRepeat}</td><td>Permanent: a cursor that leads back to a page that was read</td></tr>
 *   <tr><td>{@code slack.unexpected}</td><td>Permanent: an answer without what it must have</td></tr>
 * </table>
 */
record SlackApi(TaskContext context) {

    private static final String BASE_URL = "https://slack.com/api";
    static final String WHO = "auth.test";
    private static final String AUTH_FAILED = "slack.authFailed";
    private static final Duration REST = Duration.ofSeconds(30);

    /** Calls a method; null arguments are left out. The answer has {@code ok: true}. */
    JsonObject call(String method, Map<String, ? extends @Nullable Object> arguments)
            throws TaskFailure, InterruptedException {
        try {
            return answer(method, arguments);
        } catch (TaskFailure.Unauthorized refusal) {
            if (!refusal.code().equals(AUTH_FAILED) || method.equals(WHO)) {
                throw refusal;
            }
            answer(WHO, Map.of()); // Throws, unless this refusal was a passing one.
            throw new TaskFailure.Transient(
                    "slack.providerFailed",
                    "Slack refused the token for " + method + ", and takes it for others.",
                    null);
        }
    }

    private JsonObject answer(String method, Map<String, ? extends @Nullable Object> arguments)
            throws TaskFailure, InterruptedException {
        HttpRequest request = HttpRequest.get(URI.create(context.baseUrl(BASE_URL) + "/" + method))
                .bearer(context.credentials().require("accessToken"));
        for (var argument : arguments.entrySet()) {
            request = request.query(argument.getKey(), argument.getValue());
        }
        HttpResponse response = context.http().send(request);
        if (response.status() != 200) {
            throw new TaskFailure.Permanent(
                    "slack.requestRefused",
                    "Slack answered " + method + " with status " + response.status() + ".",
                    null);
        }
        JsonObject answer = response.json();
        if (answer.bool("ok").orElse(false)) {
            return answer;
        }
        throw failure(
                method,
                answer.text("error")
                        .filter(error -> error.matches("[a-z_]{1,100}"))
                        .orElse("unknown"));
    }

    /**
     * The payload of the task that reads the next page ("Paginating through collections"): that of this page with the
     * cursor of the answer, and the trail of the cursors before. Empty on the last page.
     *
     * @throws TaskFailure.Permanent {@code slack.pagesRepeat}: the cursor leads back to a page that was read
     */
    static Optional<JsonObject> nextPage(JsonObject payload, JsonObject answer) throws TaskFailure.Permanent {
        Optional<String> cursor = nextCursor(answer);
        if (cursor.isEmpty()) {
            return Optional.empty();
        }
        PageTrail trail = PageTrail.of(payload.object("trail"))
                .then(cursor.get())
                .orElseThrow(() -> new TaskFailure.Permanent(
                        "slack.pagesRepeat",
                        "The list does not go on: Slack's cursor leads back to a page that was read.",
                        null));
        return Optional.of(payload.with("cursor", cursor.get()).with("trail", trail.toJson()));
    }

    static Optional<String> nextCursor(JsonObject answer) {
        return answer.object("response_metadata").text("next_cursor").filter(cursor -> !cursor.isEmpty());
    }

    /**
     * The objects of a list that the answer must have: without it, the answer is not an empty list.
     *
     * @throws IllegalArgumentException when it is not there
     */
    static List<JsonObject> objects(JsonObject answer, String key) {
        if (!answer.has(key)) {
            throw new IllegalArgumentException(
                    "'" + key + "' is missing; there are " + answer.values().keySet());
        }
        return answer.objects(key);
    }

    /** By the lists of errors of the methods' pages. */
    private static TaskFailure failure(String method, String error) {
        String says = "Slack answered " + method + " with " + error;
        return switch (error) {
            case "ratelimited", "rate_limited" -> new TaskFailure.RetryLater("slack.rateLimited", says + ".", REST);
            case "not_authed",
                    "invalid_auth",
                    "token_expired",
                    "token_revoked",
                    "account_inactive",
                    "user_is_restricted",
                    "org_login_required",
                    "two_factor_setup_required" ->
                new TaskFailure.Unauthorized(AUTH_FAILED, says + ": connect the workspace again.", null);
            case "missing_scope", "no_permission", "not_allowed_token_type", "access_denied" ->
                new TaskFailure.Unauthorized(
                        "slack.scopeMissing",
                        says + ": connect the workspace again, with the scopes channels:read, channels:history,"
                                + " groups:read and groups:history.",
                        null);
            case "channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "missing_channel" ->
                new TaskFailure.Permanent(
                        "slack.channelRefused", says + ": invite the app to the channel, or leave it out.", null);
            case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org" ->
                new TaskFailure.Transient("slack.providerFailed", says + ".", null);
            default -> new TaskFailure.Permanent("slack.requestRefused", says + ".", null);
        };
    }
}
