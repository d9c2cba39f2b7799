package io.tributary.integrations.declarative;

import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One project of a GitLab, as its references say ("Issues API", "Notes API", "REST API": pagination), and where these
 * are silent its source: notes change the time of their issue at most once a minute ({@code throttled_touch.rb}), and
 * those that the user may not see are left out of a page after it was counted ({@code lib/api/notes.rb}).
 */
final class GitlabServer implements AutoCloseable {

    private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

    static final String TOKEN = "glpat-secret";

    private final ScriptedHttpServer http = ScriptedHttpServer.start().acceptOnly(TOKEN);
    private final Map<Integer, Map<String, Object>> issues = new TreeMap<>();
    private final Map<Integer, List<Map<String, Object>>> notes = new HashMap<>();
    private final Set<Integer> hidden = new HashSet<>();

    GitlabServer() {
        // The path of the project is one segment, encoded.
        http.get("/projects/{group}/{name}/issues", this::issues);
        http.get("/projects/{group}/{name}/issues/{iid}/notes", this::notes);
        http.get("/user", request -> ScriptedAnswer.json("{\"id\":1815,\"username\":\"ada\"}"));
    }

    ScriptedHttpServer http() {
        return http;
    }

    /** Creates an issue, or updates it. */
    synchronized void update(int iid, Instant at) {
        issues.put(
                iid,
                new HashMap<>(Map.of(
                        "id",
                        7_000_000 + iid,
                        "iid",
                        iid,
                        "title",
                        "Issue " + iid,
                        "description",
                        "It drips.",
                        "state",
                        "opened",
                        "labels",
                        List.of("bug"),
                        "author",
                        Map.of("username", "ada"),
                        "assignees",
                        List.of(Map.of("username", "bo")),
                        "updated_at",
                        at.toString(),
                        "user_notes_count",
                        notes.getOrDefault(iid, List.of()).size())));
    }

    synchronized void note(int iid, int id, boolean system, Instant at) {
        notes.computeIfAbsent(iid, unused -> new ArrayList<>())
                .add(Map.of(
                        "id",
                        id,
                        "body",
                        "note " + id,
                        "system",
                        system,
                        "author",
                        Map.of("username", "bo", "name", "Bo"),
                        "updated_at",
                        at.toString()));
        Map<String, Object> issue = issues.get(iid);
        Instant before = issue == null ? Instant.MIN : updated(issue);
        update(iid, at.minus(TOUCH_INTERVAL).isAfter(before) ? at : before);
    }

    /** The user may not see these notes. */
    synchronized void hide(int fromId, int toId) {
        IntStream.rangeClosed(fromId, toId).forEach(hidden::add);
    }

    synchronized void delete(int iid) {
        issues.remove(iid);
        notes.remove(iid);
    }

    private synchronized ScriptedAnswer issues(ReceivedRequest request) {
        if (!request.variable("name").equals("works")) {
            return ScriptedAnswer.json("message", "404 Project Not Found").withStatus(404);
        }
        Instant after = request.query("updated_after").map(Instant::parse).orElse(Instant.MIN);
        Instant before = request.query("updated_before").map(Instant::parse).orElse(Instant.MAX);
        return page(
                request,
                issues.values().stream()
                        .filter(issue -> !updated(issue).isBefore(after)
                                && !updated(issue).isAfter(before))
                        .sorted(Comparator.comparing(GitlabServer::updated))
                        .toList());
    }

    private synchronized ScriptedAnswer notes(ReceivedRequest request) {
        List<Map<String, Object>> its = notes.get(Integer.valueOf(request.variable("iid")));
        return its == null ? ScriptedAnswer.json("message", "404 Not found").withStatus(404) : page(request, its);
    }

    private static Instant updated(Map<String, Object> issue) {
        return Instant.parse((String) issue.get("updated_at"));
    }

    /** 20 a page unless asked otherwise, 100 at most. The header is empty on the last page. */
    private ScriptedAnswer page(ReceivedRequest request, List<Map<String, Object>> all) {
        int size = Math.min(request.query("per_page").map(Integer::valueOf).orElse(20), 100);
        int page = request.query("page").map(Integer::valueOf).orElse(1);
        return ScriptedAnswer.json(all.stream()
                        .skip((long) (page - 1) * size)
                        .limit(size)
                        .filter(each -> !hidden.contains(each.get("id")))
                        .toList())
                .header("X-Next-Page", (long) page * size < all.size() ? String.valueOf(page + 1) : "");
    }

    @Override
    public void close() {
        http.close();
    }
}
