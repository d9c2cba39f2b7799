package io.tributary.integrations.slack;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A Slack workspace behind the methods, arguments and answers of the Web API's reference, as far as syncing goes: pages
 * by cursors, errors inside answers of status 200, and threads apart from the history. Whatever reaches it, and what it
 * answers, is held against {@link SlackDescription}.
 */
final class SlackServer implements AutoCloseable {

    static final String TOKEN = "xoxb-token";

    private static final SlackDescription DESCRIPTION = new SlackDescription();

    private final ScriptedHttpServer http = ScriptedHttpServer.start();
    private final Map<String, Boolean> channels = new TreeMap<>();
    /** By channel and ts. */
    private final Map<String, Map<String, Map<String, Object>>> messages = new TreeMap<>();

    private int mostPerPage = Integer.MAX_VALUE;
    private String token = TOKEN;
    private String refusal = "invalid_auth";

    SlackServer() {
        http.heldAgainst(DESCRIPTION);
        http.get(
                "/api/auth.test",
                request -> checked(
                        request,
                        () -> JsonObject.of("ok", true)
                                .with("team", "Engine Works")
                                .with("team_id", "T1")
                                .with("user_id", "U1")));
        http.get("/api/conversations.list", request -> checked(request, () -> listChannels(request)));
        http.get("/api/conversations.history", request -> checked(request, () -> history(request)));
        http.get("/api/conversations.replies", request -> checked(request, () -> replies(request)));
    }

    private interface Method {
        JsonObject call();
    }

    /** Slack tells a wrong token inside an answer of status 200. */
    private synchronized ScriptedAnswer checked(ReceivedRequest request, Method method) {
        boolean authorized = request.header("Authorization").orElse("").equals("Bearer " + token);
        return ScriptedAnswer.json(authorized ? method.call() : error(refusal));
    }

    /** From now on, accepts this token only, and tells others this error. */
    synchronized void acceptOnly(String token, String refusal) {
        this.token = token;
        this.refusal = refusal;
    }

    /** From now on, pages have so many items at most, whatever is asked for, as Slack's may. */
    synchronized void pageBy(int items) {
        mostPerPage = items;
    }

    static JsonObject error(String error) {
        return JsonObject.of("ok", false).with("error", error);
    }

    ScriptedHttpServer http() {
        return http;
    }

    String url() {
        return http.uri() + "/api";
    }

    synchronized void channel(String id, boolean joined) {
        channels.put(id, joined);
        messages.put(id, new TreeMap<>(Comparator.comparing(BigDecimal::new)));
    }

    synchronized void say(String channel, String ts, String text) {
        put(channel, ts, Map.of("type", "message", "user", "U1", "ts", ts, "text", text));
    }

    synchronized void reply(String channel, String thread, String ts, String text) {
        put(channel, ts, Map.of("type", "message", "user", "U2", "ts", ts, "thread_ts", thread, "text", text));
        var root = new HashMap<>(message(channel, thread));
        root.put("thread_ts", thread);
        root.merge("reply_count", 1, (one, other) -> (int) one + (int) other);
        root.put("latest_reply", ts);
        put(channel, thread, root);
    }

    synchronized void edit(String channel, String ts, String editedTs, String text) {
        var edited = new HashMap<>(message(channel, ts));
        edited.put("text", text);
        edited.put("edited", Map.of("user", "U1", "ts", editedTs));
        put(channel, ts, edited);
    }

    private void put(String channel, String ts, Map<String, Object> message) {
        Objects.requireNonNull(messages.get(channel)).put(ts, message);
    }

    private Map<String, Object> message(String channel, String ts) {
        return Objects.requireNonNull(
                Objects.requireNonNull(messages.get(channel)).get(ts));
    }

    private synchronized JsonObject listChannels(ReceivedRequest request) {
        var all = channels.entrySet().stream()
                .map(channel -> Map.<String, Object>of(
                        "id",
                        channel.getKey(),
                        "name",
                        "name-of-" + channel.getKey().toLowerCase(Locale.ROOT),
                        "is_channel",
                        true,
                        "is_member",
                        channel.getValue()))
                .toList();
        return page(request, "channels", all);
    }

    private synchronized JsonObject history(ReceivedRequest request) {
        var all = messages.get(request.query("channel").orElse(""));
        if (all == null) {
            return error("channel_not_found");
        }
        var found = new ArrayList<>(all.values().stream()
                .filter(message -> !isReply(message) || "thread_broadcast".equals(message.get("subtype")))
                .filter(message -> isWithin(message, request))
                .toList());
        return messages(request, found.reversed());
    }

    private synchronized JsonObject replies(ReceivedRequest request) {
        var all = messages.getOrDefault(request.query("channel").orElse(""), Map.of());
        String thread = request.query("ts").orElseThrow();
        Map<String, Object> root = all.get(thread);
        if (root == null) {
            return error("thread_not_found");
        }
        var found = all.values().stream()
                .filter(message -> isReply(message) && thread.equals(message.get("thread_ts")))
                .filter(message -> isWithin(message, request))
                .toList();
        return messages(request, Stream.concat(Stream.of(root), found.stream()).toList());
    }

    private static boolean isReply(Map<String, Object> message) {
        return message.containsKey("thread_ts") && !Objects.equals(message.get("thread_ts"), message.get("ts"));
    }

    private static boolean isWithin(Map<String, Object> message, ReceivedRequest request) {
        var ts = new BigDecimal(String.valueOf(message.get("ts")));
        int edge = request.query("inclusive").filter("true"::equals).isPresent() ? 0 : 1;
        return request.query("oldest")
                        .map(BigDecimal::new)
                        .filter(oldest -> ts.compareTo(oldest) < edge)
                        .isEmpty()
                && request.query("latest")
                        .map(BigDecimal::new)
                        .filter(latest -> latest.compareTo(ts) < edge)
                        .isEmpty();
    }

    /** Pages of messages say twice whether there are more. */
    private JsonObject messages(ReceivedRequest request, List<Map<String, Object>> messages) {
        JsonObject page = page(request, "messages", messages);
        return page.with("has_more", SlackApi.nextCursor(page).isPresent());
    }

    /** A page of items; its cursor has characters that a query must encode. */
    private JsonObject page(ReceivedRequest request, String key, List<Map<String, Object>> items) {
        int size = Math.min(
                mostPerPage, request.query("limit").map(Integer::parseInt).orElse(100));
        int from = request.query("cursor")
                .map(cursor -> Integer.parseInt(cursor.replace("dXNlcjp+/=", "")))
                .orElse(0);
        int to = Math.min(items.size(), from + size);
        return JsonObject.of("ok", true)
                .with(key, items.subList(from, to))
                .with("response_metadata", Map.of("next_cursor", to < items.size() ? "dXNlcjp+/=" + to : ""));
    }

    Stream<String> asked() {
        return http.requests().stream().map(request -> request.path().replace("/api/", ""));
    }

    @Override
    public void close() {
        http.close();
    }
}
