package io.tributary.integrations.github;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The requests of one account, and what GitHub's refusals mean ("Rate limits", "Troubleshooting the REST API"):
 *
 * <table>
 *   <caption>failures of this integration, in addition to those of {@link io.tributary.integrations.api.Http}</caption>
 *   <tr><td>{@code github.authFailed}</td><td>Unauthorized: 401, of {@code /user} as well</td></tr>
 *   <tr><td>{@code github.providerFailed}</td><td>Transient: 401, although {@code /user} takes the token</td></tr>
 *   <tr><td>{@code github.rateLimited}</td><td>RetryLater: the primary or a secondary rate limit</td></tr>
 *   <tr><td>{@code github.pollTooSoon}</td><td>RetryLater: {@code X-Poll-Interval} has not passed</td></tr>
 *   <tr><td>{@code github.accessRefused}</td><td>Unauthorized: the token may not do this; scope {@code notifications}
 *       is missing, or the organisation demands single sign-on</td></tr>
 *   <tr><td>{@code github.notFound}</td><td>Misconfigured: no such user, or no GitHub at {@code baseUrl}</td></tr>
 *   <tr><td>{@code github.requestRefused}</td><td>Permanent: any other 4xx</td></tr>
 *   <tr><td>{@code github.pagesRepeat}</td><td>Permanent: a link that leads back to a page that was read</td></tr>
 *   <tr><td>{@code github.unexpected}</td><td>Permanent: an answer without what it must have</td></tr>
 * </table>
 */
record GithubApi(TaskContext context) {

    private static final String BASE_URL = "https://api.github.com";
    /** How long to wait after a secondary limit that does not say it ("Exceeding the rate limit"). */
    private static final Duration REST = Duration.ofMinutes(1);

    /** An item of a notification may be out of reach: deleted, transferred, or not for this token. */
    private static final Set<Integer> OUT_OF_REACH = Set.of(403, 404, 410, 451);

    private String base() {
        return context.baseUrl(BASE_URL);
    }

    /** The user that the token belongs to. */
    JsonObject user() throws TaskFailure, InterruptedException {
        return checked(send(request("/user"))).json();
    }

    /** A request for a path below {@code baseUrl}, as GitHub wants it ("Getting started with the REST API"). */
    HttpRequest request(String path) throws TaskFailure {
        return HttpRequest.get(URI.create(base() + path))
                .bearer(context.credentials().require("accessToken"))
                .header("Accept", "application/vnd.github+json")
                .header("X-GitHub-Api-Version", "2022-11-28");
    }

    /** Sends a request for a list: the answer has status 200 or 304. */
    HttpResponse list(HttpRequest request) throws TaskFailure, InterruptedException {
        HttpResponse response = send(request);
        return response.status() == 304 ? response : checked(response);
    }

    /**
     * The trail with the next page of a list.
     *
     * @throws TaskFailure.Permanent {@code github.pagesRepeat}: its link leads back to a page that was read
     */
    static PageTrail onward(PageTrail trail, String query) throws TaskFailure.Permanent {
        return trail.then(query)
                .orElseThrow(() -> new TaskFailure.Permanent(
                        "github.pagesRepeat",
                        "The list does not go on: GitHub's link leads back to a page that was read.",
                        null));
    }

    /**
     * The item that a URL of an answer leads to; empty when it is out of reach. The token is for {@code baseUrl} alone:
     * of a URL that is elsewhere, only the path is taken.
     */
    Optional<JsonObject> item(String url) throws TaskFailure, InterruptedException {
        HttpRequest request = url.startsWith(base() + "/")
                ? request(url.substring(base().length()))
                : request(Optional.ofNullable(URI.create(url).getRawPath()).orElse("/"));
        HttpResponse response = send(request);
        return OUT_OF_REACH.contains(response.status())
                ? Optional.empty()
                : Optional.of(checked(response).json());
    }

    private HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException {
        HttpResponse response = context.http().send(request.expecting(401));
        if (response.status() == 401) {
            throw refused(request);
        }
        if (response.status() == 403 && saysRateLimit(response)) {
            throw new TaskFailure.RetryLater("github.rateLimited", "A secondary rate limit of GitHub was hit.", REST);
        }
        return response;
    }

    /** GitHub answers 401 to a good token now and then. The token is dead if {@code /user} does not take it either. */
    private TaskFailure refused(HttpRequest request) throws TaskFailure, InterruptedException {
        HttpRequest user = request("/user");
        if (!request.uri().equals(user.uri())) {
            context.http().send(user);
            return new TaskFailure.Transient(
                    "github.providerFailed",
                    "GitHub refused the token for " + request + ", and takes it for others.",
                    null);
        }
        return new TaskFailure.Unauthorized(
                "github.authFailed", "GitHub refuses the token. Connect the account again.", null);
    }

    private static boolean saysRateLimit(HttpResponse response) {
        return response.text().toLowerCase(Locale.ROOT).contains("rate limit");
    }

    private static HttpResponse checked(HttpResponse response) throws TaskFailure {
        return switch (response.status()) {
            case 200 -> response;
            case 403 ->
                throw new TaskFailure.Unauthorized(
                        "github.accessRefused",
                        "GitHub refuses this token access: connect the account again, with the scope notifications, and"
                                + " authorize it for the organisation.",
                        null);
            case 404 ->
                throw new TaskFailure.Misconfigured(
                        "github.notFound", "GitHub knows no such user, or baseUrl leads to no GitHub API.", null);
            default ->
                throw new TaskFailure.Permanent(
                        "github.requestRefused", "GitHub answered with status " + response.status() + ".", null);
        };
    }
}
