package io.tributary.integrations.gmail;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mailbox behind the paths, parameters and answers of the Gmail API's reference, as far as syncing goes: lists newest
 * first, history with its records, tokens of pages, and the errors that it documents. Whatever reaches it, and what it
 * answers, is held against {@link GmailDescription}.
 */
final class GmailServer implements AutoCloseable {

    static final String TOKEN = "ya29.token";

    private static final GmailDescription DESCRIPTION = new GmailDescription();
    private static final Pattern BOUND = Pattern.compile("(after|before):(\\d+)");
    private static final Pattern FROM = Pattern.compile("from:(\\S+?)[)\\s]|from:(\\S+)$");

    private final ScriptedHttpServer http = ScriptedHttpServer.start();
    private final Map<String, Message> messages = new ConcurrentSkipListMap<>();
    private final List<Map<String, Object>> history = new ArrayList<>();
    private long historyId = 1000;
    private long oldestHistoryId = 1000;
    private int mostPerPage = Integer.MAX_VALUE;

    record Message(String id, String source, Instant received, TreeSet<String> labels) {}

    GmailServer() {
        http.acceptOnly(TOKEN).heldAgainst(DESCRIPTION);
        http.get(
                "/gmail/v1/users/me/profile",
                request -> ScriptedAnswer.json(
                        JsonObject.of("emailAddress", "ada@example.org").with("historyId", String.valueOf(historyId))));
        http.get("/gmail/v1/users/me/messages", this::list);
        http.get("/gmail/v1/users/me/messages/{id}", this::message);
        http.get("/gmail/v1/users/me/history", this::history);
    }

    ScriptedHttpServer http() {
        return http;
    }

    String url() {
        return http.uri().toString();
    }

    /** From now on, pages have so many items at most, whatever is asked for. */
    synchronized void pageBy(int items) {
        mostPerPage = items;
    }

    synchronized void receive(String id, String from, Instant received, String... labels) {
        String source = "From: " + from + "\r\nTo: ada@example.org\r\nSubject: About " + id + "\r\nMessage-ID: <" + id
                + "@example.org>\r\n\r\nDear Ada, this is " + id + ".\r\n";
        receive(id, source, received, List.of(labels));
    }

    synchronized void receive(String id, String source, Instant received, List<String> labels) {
        var message = new Message(id, source, received, new TreeSet<>(labels));
        messages.put(id, message);
        record("messagesAdded", message, List.of());
    }

    synchronized void delete(String id) {
        record("messagesDeleted", Objects.requireNonNull(messages.remove(id)), List.of());
    }

    synchronized void label(String id, String label) {
        Message message = Objects.requireNonNull(messages.get(id));
        message.labels().add(label);
        record("labelsAdded", message, List.of(label));
    }

    synchronized void unlabel(String id, String label) {
        Message message = Objects.requireNonNull(messages.get(id));
        message.labels().remove(label);
        record("labelsRemoved", message, List.of(label));
    }

    /** From now on, the history goes back no further. */
    synchronized void forgetHistory() {
        history.clear();
        oldestHistoryId = ++historyId;
    }

    private void record(String change, Message message, List<String> labels) {
        var brief = Map.of("id", message.id(), "threadId", message.id(), "labelIds", List.copyOf(message.labels()));
        Map<String, Object> item =
                labels.isEmpty() ? Map.of("message", brief) : Map.of("message", brief, "labelIds", labels);
        history.add(Map.of("id", String.valueOf(++historyId), "messages", List.of(brief), change, List.of(item)));
    }

    private synchronized ScriptedAnswer list(ReceivedRequest request) {
        var wanted = request.queryAll("labelIds");
        String query = request.query("q").orElse("");
        var ids = messages.values().stream()
                .filter(message -> message.labels().containsAll(wanted))
                .filter(message -> wanted.contains("TRASH") || !message.labels().contains("TRASH"))
                .filter(message -> matches(message, query))
                .sorted(Comparator.comparing(Message::received).reversed())
                .map(message -> Map.of("id", message.id(), "threadId", message.id()))
                .toList();
        return page(request, "messages", ids, JsonObject.of("resultSizeEstimate", ids.size()));
    }

    private static boolean matches(Message message, String query) {
        Matcher bound = BOUND.matcher(query);
        while (bound.find()) {
            long second = Long.parseLong(bound.group(2));
            long received = message.received().getEpochSecond();
            if (bound.group(1).equals("after") ? received <= second : received >= second) {
                return false;
            }
        }
        Matcher from = FROM.matcher(query);
        return !from.find() || message.source().contains(from.group(1) == null ? from.group(2) : from.group(1));
    }

    private synchronized ScriptedAnswer message(ReceivedRequest request) {
        Message message = messages.get(request.variable("id"));
        if (message == null) {
            return error(404, "notFound");
        }
        return ScriptedAnswer.json(JsonObject.of("id", message.id())
                .with("threadId", message.id())
                .with("labelIds", List.copyOf(message.labels()))
                .with("snippet", "Dear Ada")
                .with("internalDate", String.valueOf(message.received().toEpochMilli()))
                .with("sizeEstimate", message.source().length())
                .with(
                        "raw",
                        Base64.getUrlEncoder().encodeToString(message.source().getBytes(StandardCharsets.ISO_8859_1))));
    }

    private synchronized ScriptedAnswer history(ReceivedRequest request) {
        long start = Long.parseLong(request.query("startHistoryId").orElseThrow());
        if (start < oldestHistoryId) {
            return error(404, "notFound");
        }
        var records = history.stream()
                .filter(item -> Long.parseLong(String.valueOf(item.get("id"))) > start)
                .toList();
        return page(request, "history", records, JsonObject.of("historyId", String.valueOf(historyId)));
    }

    /** A page of items; its token has characters that a query must encode. */
    private ScriptedAnswer page(ReceivedRequest request, String key, List<? extends Object> items, JsonObject beside) {
        int size = Math.min(
                mostPerPage, Integer.parseInt(request.query("maxResults").orElse("100")));
        int from = request.query("pageToken")
                .map(token -> Integer.parseInt(token.replace("&+/=", "")))
                .orElse(0);
        int to = Math.min(items.size(), from + size);
        JsonObject page = items.isEmpty() ? beside : beside.with(key, items.subList(from, to));
        return ScriptedAnswer.json(to < items.size() ? page.with("nextPageToken", "&+/=" + to) : page);
    }

    static ScriptedAnswer error(int status, String reason) {
        var error = Map.of("domain", "global", "reason", reason, "message", "a text for people");
        return ScriptedAnswer.json("error", Map.of("code", status, "message", "a text", "errors", List.of(error)))
                .withStatus(status);
    }

    /** The paths that were asked for, without those that come before. */
    Stream<String> asked() {
        return http.requests().stream().map(request -> request.path().replace("/gmail/v1/users/me", ""));
    }

    @Override
    public void close() {
        http.close();
    }
}
