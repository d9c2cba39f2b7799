package io.tributary.integrations.gmail;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.StatusMeaning;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one mailbox, and what its refusals mean (Google for Developers, Gmail API, "Resolve errors"):
 *
 * <table>
 *   <caption>failures of this integration, in addition to those of {@link io.tributary.integrations.api.Http}</caption>
 *   <tr><td>{@code gmail.rateLimited}</td><td>RetryLater: 429, and 403 whose reason is a rate or a quota</td></tr>
 *   <tr><td>{@code gmail.authFailed}</td><td>Unauthorized: 401</td></tr>
 *   <tr><td>{@code gmail.scopeMissing}</td><td>Unauthorized: the user did not grant reading mail</td></tr>
 *   <tr><td>{@code gmail.accessRefused}</td><td>Misconfigured: the API is off for the app, or the user's domain forbids
 *       it</td></tr>
 *   <tr><td>{@code gmail.requestRefused}</td><td>Permanent: any other 4xx, such as a query that Gmail does not
 *       understand</td></tr>
 *   <tr><td>{@code gmail.pagesRepeat}</td><td>Permanent: a page token that leads back to a page that was read</td></tr>
 *   <tr><td>{@code gmail.unexpected}</td><td>Permanent: an answer without what it must have</td></tr>
 * </table>
 */
record GmailApi(TaskContext context) {

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

    /**
     * What the task of the next page is to know: its token, and the trail of the tokens before. Empty on the last page.
     *
     * @param payload of the task of this page
     * @throws TaskFailure.Permanent {@code gmail.pagesRepeat}: the token leads back to a page that was read
     */
    static Optional<JsonObject> nextPage(JsonObject payload, JsonObject page) throws TaskFailure.Permanent {
        Optional<String> token = page.text("nextPageToken").filter(next -> !next.isEmpty());
        if (token.isEmpty()) {
            return Optional.empty();
        }
        PageTrail trail = PageTrail.of(payload.object("trail"))
                .then(token.get())
                .orElseThrow(() -> new TaskFailure.Permanent(
                        "gmail.pagesRepeat",
                        "The list does not go on: Gmail's token leads back to a page that was read.",
                        null));
        return Optional.of(JsonObject.of("pageToken", token.get()).with("trail", trail.toJson()));
    }

    private HttpRequest request(String path) throws TaskFailure {
        return HttpRequest.get(URI.create(context.baseUrl(BASE_URL) + "/gmail/v1/users/me" + path))
                .bearer(context.credentials().require("accessToken"));
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
            case 403 -> throw refused(request, response);
            default ->
                throw new TaskFailure.Permanent(
                        "gmail.requestRefused",
                        "Gmail answered with status " + response.status() + reasonsOf(response) + ".",
                        null);
        };
    }

    private TaskFailure refused(HttpRequest request, HttpResponse response) {
        var limits = new RateLimitHeaders(response::header, context.clock().instant());
        return new StatusMeaning("gmail", request, response.status(), limits)
                .failure()
                .orElseGet(() -> refused(reasonsOf(response)));
    }

    private static TaskFailure refused(List<String> reasons) {
        if (reasons.stream().anyMatch(RATES::contains)) {
            return new TaskFailure.RetryLater(
                    RATE_LIMITED, "Gmail's rate limit for this user is exhausted.", RATE_REST);
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
        try {
            JsonObject error = response.json().object("error");
            return Stream.of("errors", "details")
                    .flatMap(list -> error.objects(list).stream())
                    .flatMap(detail -> detail.text("reason").stream())
                    .filter(reason -> reason.matches("[A-Za-z_]{1,100}"))
                    .distinct()
                    .toList();
        } catch (TaskFailure | IllegalArgumentException e) {
            return List.of(); // Something between us and Gmail answered: the status has to do.
        }
    }

    private static TaskFailure noMailbox() {
        return new TaskFailure.Misconfigured(
                "gmail.accessRefused", "There is no Gmail API at baseUrl, or the user has no mailbox.", null);
    }
}
