package io.tributary.integrations.gmail;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one mailbox, and what its refusals mean (Google for Developers, Gmail API, "Resolve errors"):
 *
 * <table>
 *   <caption>failures of this integration, beside those of {@link io.tributary.integrations.api.Http}</caption>
 *   <tr><td>{@code gmail.rateLimited}</td><td>RetryLater: 429, and 403 whose reason is a rate or a quota</td></tr>
 *   <tr><td>{@code gmail.authFailed}</td><td>Unauthorized: 401</td></tr>
 *   <tr><td>{@code gmail.scopeMissing}</td><td>Unauthorized: the user did not grant reading mail</td></tr>
 *   <tr><td>{@code gmail.accessRefused}</td><td>Misconfigured: the API is off for the app, or the user's domain forbids
 *       it</td></tr>
 *   <tr><td>{@code gmail.requestRefused}</td><td>Permanent: any other 4xx, such as a query that Gmail does not
 *       understand</td></tr>
 *   <tr><td>{@code gmail.unexpected}</td><td>Permanent: an answer without what it must have</td></tr>
 * </table>
 */
final class GmailApi {

    static final String RATE_LIMITED = "gmail.rateLimited";

    private static final String BASE_URL = "https://gmail.googleapis.com";
    /** A mail of 50 MB, the largest that Gmail receives, in base64 and with room. */
    private static final long MAX_BYTES = 96L << 20;

    private static final Set<String> RATES =
            Set.of("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED");
    private static final Set<String> QUOTAS = Set.of("dailyLimitExceeded", "quotaExceeded");
    private static final Set<String> SCOPES = Set.of("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    private static final Duration RATE_REST = Duration.ofSeconds(10);
    private static final Duration QUOTA_REST = Duration.ofMinutes(15);

    private final TaskContext context;
    private final String mailbox;
    private final String accessToken;

    private GmailApi(TaskContext context, String mailbox, String accessToken) {
        this.context = context;
        this.mailbox = mailbox;
        this.accessToken = accessToken;
    }

    static GmailApi of(TaskContext context) throws TaskFailure {
        String base = context.config().text("baseUrl").orElse(BASE_URL);
        String mailbox = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/gmail/v1/users/me";
        return new GmailApi(context, mailbox, context.credentials().require("accessToken"));
    }

    /** Whose mailbox it is, and where its history stands ({@code users.getProfile}). */
    JsonObject profile() throws TaskFailure, InterruptedException {
        return ask(request("/profile")).orElseThrow(GmailApi::noMailbox);
    }

    /** A page of ids of messages, newest first ({@code users.messages.list}). */
    JsonObject list(List<String> labelIds, @Nullable String query, @Nullable String pageToken)
            throws TaskFailure, InterruptedException {
        HttpRequest request = request("/messages").query("maxResults", 500).query("q", query);
        for (String labelId : labelIds) {
            request = request.query("labelIds", labelId);
        }
        return ask(request.query("pageToken", pageToken)).orElseThrow(GmailApi::noMailbox);
    }

    /** A page of what has changed; empty when the history does not go back that far ({@code users.history.list}). */
    Optional<JsonObject> history(String startHistoryId, @Nullable String pageToken)
            throws TaskFailure, InterruptedException {
        return ask(request("/history")
                .query("startHistoryId", startHistoryId)
                .query("maxResults", 500)
                .query("pageToken", pageToken));
    }

    /** A message with its source; empty when it is gone ({@code users.messages.get}). */
    Optional<JsonObject> message(String id) throws TaskFailure, InterruptedException {
        return ask(
                request("/messages/" + pathSegment(id)).query("format", "raw").maxBytes(MAX_BYTES));
    }

    private HttpRequest request(String path) {
        return HttpRequest.get(URI.create(mailbox + path)).bearer(accessToken);
    }

    /** Gmail's ids are hexadecimal digits; one that is not must not lead elsewhere. */
    private static String pathSegment(String id) {
        if (!id.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new IllegalArgumentException("a message id has other characters than letters and digits");
        }
        return id;
    }

    /** Empty: 404. */
    private Optional<JsonObject> ask(HttpRequest request) throws TaskFailure, InterruptedException {
        HttpResponse response = context.http().send(request.expecting(403));
        return switch (response.status()) {
            case 200 -> Optional.of(response.json());
            case 404 -> Optional.empty();
            case 403 -> throw refused(response);
            default ->
                throw new TaskFailure.Permanent(
                        "gmail.requestRefused",
                        "Gmail answered with status " + response.status() + reasonsOf(response) + ".",
                        null);
        };
    }

    private TaskFailure refused(HttpResponse response) {
        List<String> reasons = reasonsOf(response);
        Duration asked = new RateLimitHeaders(response::header, context.clock().instant()).waitOr(Duration.ZERO);
        if (reasons.stream().anyMatch(RATES::contains) || !asked.isZero()) {
            return new TaskFailure.RetryLater(
                    RATE_LIMITED, "Gmail's rate limit for this user is exhausted.", asked.isZero() ? RATE_REST : asked);
        }
        if (reasons.stream().anyMatch(QUOTAS::contains)) {
            return new TaskFailure.RetryLater(RATE_LIMITED, "Gmail's quota is exhausted.", QUOTA_REST);
        }
        if (reasons.stream().anyMatch(SCOPES::contains)) {
            return new TaskFailure.Unauthorized(
                    "gmail.scopeMissing",
                    "The user did not grant reading mail (scope gmail.readonly): connect the account again.",
                    null);
        }
        return new TaskFailure.Misconfigured(
                "gmail.accessRefused",
                "Gmail refuses access " + reasons
                        + ": see that the Gmail API is enabled for the app and that the user's"
                        + " organisation allows it.",
                null);
    }

    /** The reasons that an error names, which are words of Google's documentation. */
    private static List<String> reasonsOf(HttpResponse response) {
        JsonObject error;
        try {
            error = response.json().object("error");
            return Stream.concat(objects(error, "errors"), objects(error, "details"))
                    .flatMap(detail -> detail.text("reason").stream())
                    .filter(reason -> reason.matches("[A-Za-z_]{1,100}"))
                    .distinct()
                    .toList();
        } catch (TaskFailure | IllegalArgumentException e) {
            return List.of(); // Something between us and Gmail answered: the status has to do.
        }
    }

    @SuppressWarnings("unchecked")
    static Stream<JsonObject> objects(JsonObject parent, String key) {
        return parent.list(key).stream()
                .filter(Map.class::isInstance)
                .map(value -> new JsonObject((Map<String, @Nullable Object>) value));
    }

    private static TaskFailure noMailbox() {
        return new TaskFailure.Misconfigured(
                "gmail.accessRefused", "There is no Gmail API at baseUrl, or the user has no mailbox.", null);
    }
}
