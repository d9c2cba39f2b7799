package io.tributary.integrations.declarative;

import io.tributary.integrations.testkit.ReceivedRequest;
import io.tributary.integrations.testkit.ScriptedAnswer;
import io.tributary.integrations.testkit.ScriptedHttpServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One project of a GitLab, as its references say ("Issues API", "Notes API", "REST API": pagination). */
final class GitlabServer implements AutoCloseable {

    static final String TOKEN = "glpat-secret";

    private final ScriptedHttpServer http = ScriptedHttpServer.start().acceptOnly(TOKEN);
    private final Map<Integer, Map<String, Object>> issues = new TreeMap<>();
    private final Map<Integer, List<Map<String, Object>>> notes = new HashMap<>();

    GitlabServer() {
        // The path of the project is one segment, encoded.
        http.get("/projects/{group}/{name}/issues", this::issues);
        http.get("/projects/{group}/{name}/issues/{iid}/notes", request -> {
            List<Map<String, Object>> its = notes.get(Integer.valueOf(request.variable("iid")));
            return its == null
                    ? ScriptedAnswer.json("message", "404 Not found").withStatus(404)
                    : ScriptedAnswer.json(page(request, its));
        });
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
        update(iid, at);
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
        return ScriptedAnswer.json(page(
                request,
                issues.values().stream()
                        .filter(issue -> !updated(issue).isBefore(after))
                        .sorted(Comparator.comparing(GitlabServer::updated))
                        .toList()));
    }

    private static Instant updated(Map<String, Object> issue) {
        return Instant.parse((String) issue.get("updated_at"));
    }

    /** 20 a page unless asked otherwise, 100 at most. */
    private static List<Map<String, Object>> page(ReceivedRequest request, List<Map<String, Object>> all) {
        int size = Math.min(request.query("per_page").map(Integer::valueOf).orElse(20), 100);
        int page = request.query("page").map(Integer::valueOf).orElse(1);
        return all.stream().skip((long) (page - 1) * size).limit(size).toList();
    }

    @Override
    public void close() {
        http.close();
    }
}
