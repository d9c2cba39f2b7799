package io.tributary.integrations.github;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * GitHub behind the paths, parameters and answers of its REST API's reference, as far as syncing goes: pages by Link
 * headers, {@code Last-Modified} and {@code ETag} with 304, {@code X-Poll-Interval}, and the errors that it documents.
 * Whatever reaches it, and what it answers, is held against {@link GithubDescription}.
 */
final class GithubServer implements AutoCloseable {

    static final String TOKEN = "gho_token";

    private static final String PAGE = "https://github.com/engine/works";
    private static final String API = "https://api.github.com/repos/engine/works";

    private static final OpenApi DESCRIPTION = GithubDescription.api();

    private final ScriptedHttpServer http = ScriptedHttpServer.start();
    private final Map<String, Map<String, Object>> notifications = new TreeMap<>();
    private final List<Map<String, Object>> events = new ArrayList<>();
    private int version = 1;
    private int pollInterval;
    private int mostPerPage = Integer.MAX_VALUE;

    GithubServer() {
        http.acceptOnly(TOKEN).heldAgainst(DESCRIPTION);
        http.get(
                "/user",
                request -> ScriptedAnswer.json(JsonObject.of("login", "ada").with("id", 1815)));
        http.get("/notifications", this::listNotifications);
        http.get("/users/{name}/events", this::listEvents);
        http.get(
                "/repos/engine/works/issues/{number}",
                request -> ScriptedAnswer.json(JsonObject.of("number", Integer.parseInt(request.variable("number")))
                        .with("title", "Leak in the boiler")
                        .with("body", "It drips, @ada.")
                        .with("state", "closed")
                        .with("html_url", PAGE + "/issues/" + request.variable("number"))
                        .with("user", Map.of("login", "bo"))));
    }

    ScriptedHttpServer http() {
        return http;
    }

    String url() {
        return http.uri().toString();
    }

    /** Asks clients to wait so long between two polls. */
    void pollInterval(int seconds) {
        pollInterval = seconds;
    }

    /** From now on, pages have so many items at most, whatever is asked for. */
    synchronized void pageBy(int items) {
        mostPerPage = items;
    }

    synchronized void notify(String id, String reason, Instant updatedAt) {
        notify(id, reason, updatedAt, url() + "/repos/engine/works/issues/7");
    }

    synchronized void notify(String id, String reason, Instant updatedAt, String subjectUrl) {
        version++;
        notifications.put(
                id,
                Map.of(
                        "id",
                        id,
                        "reason",
                        reason,
                        "unread",
                        true,
                        "updated_at",
                        updatedAt.toString(),
                        "repository",
                        Map.of("full_name", "engine/works"),
                        "subject",
                        Map.of("title", "Leak in the boiler", "url", subjectUrl, "type", "Issue")));
    }

    synchronized void happen(String id, String type, Instant at, Map<String, Object> payload) {
        version++;
        events.addFirst(Map.of(
                "id", id,
                "type", type,
                "created_at", at.toString(),
                "repo", Map.of("name", "engine/works"),
                "payload", whole(type, payload)));
    }

    /** A payload with what GitHub always says of such an event beside what the test says. */
    private static Map<String, Object> whole(String type, Map<String, Object> payload) {
        var whole = new HashMap<>(payload);
        switch (type) {
            case "WatchEvent" -> whole.put("action", "started");
            case "PushEvent" -> whole.putAll(Map.of("ref", "refs/heads/main", "head", "c0ffee", "before", "decaf"));
            case "IssueCommentEvent" -> whole.put("comment", Map.of("html_url", PAGE + "/issues/3#issuecomment-1"));
            case "PullRequestEvent" -> {
                whole.put("number", 5);
                whole.put("pull_request", Map.of("number", 5, "url", API + "/pulls/5"));
            }
            case "IssuesEvent" -> {}
            default -> throw new IllegalArgumentException("what does GitHub say of a " + type + "?");
        }
        whole.computeIfPresent("issue", (key, issue) -> wholeIssue((Map<?, ?>) issue));
        return whole;
    }

    private static Map<Object, Object> wholeIssue(Map<?, ?> issue) {
        var whole = new HashMap<Object, Object>(
                Map.of("state", "open", "html_url", PAGE + "/issues/3", "user", Map.of("login", "bo")));
        whole.putAll(issue);
        return whole;
    }

    private synchronized ScriptedAnswer listNotifications(ReceivedRequest request) {
        String lastModified = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.parse("2026-05-01T12:00:00Z").plusSeconds(version).atOffset(ZoneOffset.UTC));
        if (request.header("If-Modified-Since").filter(lastModified::equals).isPresent()) {
            return polite(ScriptedAnswer.status(304));
        }
        Optional<Instant> since = request.query("since").map(Instant::parse);
        Optional<Instant> before = request.query("before").map(Instant::parse);
        var found = notifications.values().stream()
                .filter(item -> since.isEmpty() || !updated(item).isBefore(since.get()))
                .filter(item -> before.isEmpty() || updated(item).isBefore(before.get()))
                .sorted(Comparator.comparing(GithubServer::updated).reversed())
                .toList();
        return polite(page(request, found, 50)).header("Last-Modified", lastModified);
    }

    private static Instant updated(Map<String, Object> notification) {
        return Instant.parse(String.valueOf(notification.get("updated_at")));
    }

    private synchronized ScriptedAnswer listEvents(ReceivedRequest request) {
        if (!request.variable("name").equals("ada")) {
            return ScriptedAnswer.json("message", "Not Found").withStatus(404);
        }
        String etag = "W/\"" + version + "\"";
        return request.header("If-None-Match").filter(etag::equals).isPresent()
                ? polite(ScriptedAnswer.status(304))
                : polite(page(request, events, 30)).header("ETag", etag);
    }

    private ScriptedAnswer polite(ScriptedAnswer answer) {
        return pollInterval == 0 ? answer : answer.header("X-Poll-Interval", String.valueOf(pollInterval));
    }

    private ScriptedAnswer page(ReceivedRequest request, List<Map<String, Object>> items, int usual) {
        int size = Math.min(
                mostPerPage, request.query("per_page").map(Integer::parseInt).orElse(usual));
        int page = request.query("page").map(Integer::parseInt).orElse(1);
        int from = Math.min(items.size(), (page - 1) * size);
        int to = Math.min(items.size(), from + size);
        var answer = ScriptedAnswer.json(items.subList(from, to));
        if (to == items.size()) {
            return answer;
        }
        String others = request.rawQuery().replaceAll("(^|&)page=\\d+", "");
        return answer.header(
                "Link",
                "<" + url() + request.path() + "?" + others + "&page=" + (page + 1) + ">; rel=\"next\", <" + url()
                        + request.path() + "?page=99>; rel=\"last\"");
    }

    Stream<String> asked() {
        return http.requests().stream().map(ReceivedRequest::path);
    }

    @Override
    public void close() {
        http.close();
    }
}
