package io.tributary.integrations.slack;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a channel, a page at a time, newest first.
 *
 * <p>State, for each channel under {@code channels}: {@code latest}, the newest {@code ts} that was seen, and
 * {@code edited}, the newest time of an edit; {@code threads}, for each thread of the last seven days the {@code ts} of its
 * newest reply. The first page sets {@code latest}: what is sent while later pages are read is newer, and found by the next
 * run. Messages that were sent after {@code latest} are new, those that were edited after {@code edited} differ, and a
 * thread whose newest reply is not the known one has replies to read.
 *
 * <p>A run that is bounded by dates leaves the state alone, and so does one that is forced until it succeeds.
 */
final class ReadHistory {

    static final String TYPE = "getHistory";

    /** How far back edits and replies are looked for, from the newest known message. */
    private static final Duration LOOK_BACK = Duration.ofDays(7);

    private static final int PER_PAGE = 200;

    private final SlackApi slack;
    private final TaskContext context;
    private final JsonObject payload;
    private final String channel;
    /** The newest message and the newest edit that were known before the run. */
    private final JsonObject known;

    private final JsonObject knownThreads;

    ReadHistory(SlackApi slack, TaskContext context, JsonObject payload) {
        this.slack = slack;
        this.context = context;
        this.payload = payload;
        this.channel = payload.requireText("channel");
        JsonObject before = context.options().equals(Options.NONE) ? stateOf(channel) : JsonObject.EMPTY;
        this.known = isFirstPage() ? only(before, "latest", "edited") : payload.object("known");
        this.knownThreads = before.object("threads"); // Of this page: what other pages changed are other threads.
    }

    static FollowUp of(String channel, String name) {
        return new FollowUp(TYPE, JsonObject.of("channel", channel).with("name", name));
    }

    private JsonObject stateOf(String channel) {
        return context.syncState().object("channels").object(channel);
    }

    private static JsonObject only(JsonObject object, String... keys) {
        var some = new LinkedHashMap<String, @Nullable Object>(object.values());
        some.keySet().retainAll(List.of(keys));
        return new JsonObject(some);
    }

    TaskResult run() throws TaskFailure, InterruptedException {
        JsonObject page = slack.call("conversations.history", arguments());
        List<JsonObject> messages = SlackApi.objects(page, "messages")
                .filter(message -> Ts.isOne(message.text("ts").orElse("")))
                .toList();
        String horizon = horizon(messages);
        var outputs = new ArrayList<Output>();
        var tasks = new ArrayList<FollowUp>();
        var threads = new LinkedHashMap<String, @Nullable Object>();
        for (JsonObject message : messages) {
            String ts = message.requireText("ts");
            if (isNew(ts) || wasEdited(message)) {
                outputs.add(Message.output(channel, channelName(), message));
            }
            newestReply(message).ifPresent(reply -> {
                Optional<String> read = knownThreads.text(ts);
                if (!read.equals(Optional.of(reply))) {
                    tasks.add(ReadReplies.of(channel, channelName(), ts, read.orElse(Ts.ZERO)));
                }
                if (Ts.isAfter(ts, horizon)) {
                    threads.put(ts, reply);
                }
            });
        }
        SlackApi.nextCursor(page)
                .ifPresent(cursor -> tasks.add(new FollowUp(
                        TYPE,
                        payload.with("cursor", cursor).with("known", known).with("horizon", horizon))));
        return new TaskResult(outputs, tasks, isBounded() ? JsonObject.EMPTY : newState(messages, threads, horizon));
    }

    private String channelName() {
        return payload.text("name").orElse("");
    }

    /** How far back the next run will look. */
    private String horizon(List<JsonObject> firstPage) {
        return payload.text("horizon")
                .orElseGet(() -> Ts.before(
                        firstPage.stream()
                                .map(message -> message.requireText("ts"))
                                .max(Ts.ORDER)
                                .orElse(known.text("latest").orElse(Ts.ZERO)),
                        LOOK_BACK));
    }

    private boolean isFirstPage() {
        return !payload.has("cursor");
    }

    private boolean isBounded() {
        return context.options().startDate() != null || context.options().endDate() != null;
    }

    private Map<String, @Nullable Object> arguments() {
        Options options = context.options();
        String lookedBack =
                known.text("latest").map(ts -> Ts.before(ts, LOOK_BACK)).orElse(null);
        var arguments = new LinkedHashMap<String, @Nullable Object>();
        arguments.put("channel", channel);
        arguments.put("limit", PER_PAGE);
        arguments.put("cursor", payload.text("cursor").orElse(null));
        arguments.put("oldest", options.startDate() == null ? lookedBack : Ts.of(options.startDate()));
        if (isBounded()) {
            arguments.put("inclusive", true);
        }
        // Our end is exclusive, and a ts has microseconds.
        arguments.put(
                "latest",
                options.endDate() == null ? null : Ts.of(options.endDate().minusNanos(1_000)));
        return arguments;
    }

    private boolean isNew(String ts) {
        return Ts.isAfter(ts, known.text("latest").orElse(Ts.ZERO));
    }

    private boolean wasEdited(JsonObject message) {
        return editedAt(message)
                .filter(ts -> Ts.isAfter(ts, known.text("edited").orElse(Ts.ZERO)))
                .isPresent();
    }

    private static Optional<String> editedAt(JsonObject message) {
        return message.object("edited").text("ts").filter(Ts::isOne);
    }

    /** The newest reply of a thread that this message starts, when replies are synced and it has some. */
    private Optional<String> newestReply(JsonObject message) {
        boolean includeReplies = context.config().bool("includeReplies").orElse(true);
        return includeReplies && message.integer("reply_count").orElse(0L) > 0
                ? message.text("latest_reply").filter(Ts::isOne)
                : Optional.empty();
    }

    private JsonObject newState(List<JsonObject> messages, Map<String, @Nullable Object> threads, String horizon) {
        var changed = new LinkedHashMap<String, @Nullable Object>();
        if (isFirstPage()) {
            newest(messages.stream().map(message -> message.requireText("ts")).toList(), "latest", changed);
            forgetOldThreads(threads, horizon);
        }
        newest(messages.stream().flatMap(message -> editedAt(message).stream()).toList(), "edited", changed);
        if (!threads.isEmpty()) {
            changed.put("threads", threads);
        }
        return changed.isEmpty() ? JsonObject.EMPTY : JsonObject.of("channels", Map.of(channel, changed));
    }

    /** Sets a key to the newest of some, unless what is there is newer. */
    private void newest(List<String> ts, String key, Map<String, @Nullable Object> changed) {
        String current = stateOf(channel).text(key).orElse(Ts.ZERO);
        ts.stream()
                .max(Ts.ORDER)
                .filter(newest -> Ts.isAfter(newest, current))
                .ifPresent(newest -> changed.put(key, newest));
    }

    /** What is no longer looked at need not be known: a null removes it from the state. */
    private void forgetOldThreads(Map<String, @Nullable Object> threads, String horizon) {
        stateOf(channel).object("threads").values().keySet().stream()
                .filter(ts -> !Ts.isAfter(ts, horizon))
                .forEach(ts -> threads.put(ts, null));
    }
}
