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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a channel, a page at a time, newest first.
 *
 * <p>State, for each channel under {@code channels}: {@code latest}, the newest {@code ts} that was seen, and
 * {@code edited}, the newest time of an edit; {@code threads}, for each thread of the last seven days the {@code ts} of
 * its newest reply. {@code latest} is the newest message of the first page: what is sent while later pages are read is
 * newer, and found by the next run. Messages that were sent after {@code latest} are new, those that were edited after
 * {@code edited} differ, and a thread whose newest reply is not the known one has replies to read.
 *
 * <p>The last page of a channel sets its state, and the last page of a thread sets that thread's: the state of a
 * channel says at any time what was read without a gap. So it may advance although other channels failed, and a channel
 * that refuses does not make the others read their history again.
 *
 * <p>A run that is bounded by dates leaves the state alone.
 *
 * @param known the newest message and the newest edit that were known before the run
 * @param knownThreads the threads that are known
 */
record ReadHistory(
        SlackApi slack,
        TaskContext context,
        JsonObject payload,
        String channel,
        JsonObject known,
        JsonObject knownThreads) {

    static final String TYPE = "getHistory";

    /** How far back edits and replies are looked for, from the newest known message. */
    private static final Duration LOOK_BACK = Duration.ofDays(7);

    private static final int PER_PAGE = 200;

    ReadHistory(SlackApi slack, TaskContext context, JsonObject payload) {
        String channel = payload.requireText("channel");
        JsonObject before = context.options().equals(Options.NONE) ? stateOf(channel, context) : JsonObject.EMPTY;
        this(
                slack,
                context,
                payload,
                channel,
                isFirstPage(payload) ? before.only("latest", "edited") : payload.object("known"),
                before.object("threads"));
    }

    static FollowUp of(String channel, String name) {
        return new FollowUp(TYPE, JsonObject.of("channel", channel).with("name", name));
    }

    private static JsonObject stateOf(String channel, TaskContext context) {
        return context.syncState().object("channels").object(channel);
    }

    TaskResult run() throws TaskFailure, InterruptedException {
        JsonObject page = slack.call("conversations.history", arguments());
        List<JsonObject> messages = SlackApi.objects(page, "messages").stream()
                .filter(message -> Ts.isOne(message.text("ts").orElse("")))
                .toList();
        String horizon = horizon(messages);
        JsonObject reached = reached(messages);
        var outputs = new ArrayList<Output>();
        var tasks = new ArrayList<FollowUp>();
        for (JsonObject message : messages) {
            String ts = message.requireText("ts");
            if (isNew(ts) || wasEdited(message)) {
                outputs.add(Message.output(channel, channelName(), message));
            }
            newestReply(message).ifPresent(reply -> {
                Optional<String> read = knownThreads.text(ts);
                if (!read.equals(Optional.of(reply))) {
                    boolean isKept = !context.options().isBounded() && Ts.isAfter(ts, horizon);
                    tasks.add(ReadReplies.of(channel, channelName(), ts, read.orElse(Ts.ZERO), isKept ? reply : null));
                }
            });
        }
        Optional<JsonObject> next = SlackApi.nextPage(payload, page);
        next.ifPresent(following -> tasks.add(new FollowUp(
                TYPE, following.with("known", known).with("horizon", horizon).with("reached", reached))));
        return new TaskResult(
                outputs,
                tasks,
                next.isPresent() || context.options().isBounded() ? JsonObject.EMPTY : newState(reached, horizon));
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

    private static boolean isFirstPage(JsonObject payload) {
        return !payload.has("cursor");
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
        if (context.options().isBounded()) {
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

    /** The newest message of the first page, and the newest edit of all pages so far. */
    private JsonObject reached(List<JsonObject> messages) {
        JsonObject before = payload.object("reached");
        Optional<String> latest = isFirstPage(payload)
                ? messages.stream().map(message -> message.requireText("ts")).max(Ts.ORDER)
                : before.text("latest");
        Optional<String> edited = Stream.concat(
                        before.text("edited").stream(),
                        messages.stream().flatMap(message -> editedAt(message).stream()))
                .max(Ts.ORDER);
        return JsonObject.of("latest", latest.orElse(null))
                .with("edited", edited.orElse(null))
                .withoutNulls();
    }

    private JsonObject newState(JsonObject reached, String horizon) {
        JsonObject current = stateOf(channel, context);
        var changed = new LinkedHashMap<String, @Nullable Object>();
        for (String key : List.of("latest", "edited")) {
            reached.text(key)
                    .filter(newest -> Ts.isAfter(newest, current.text(key).orElse(Ts.ZERO)))
                    .ifPresent(newest -> changed.put(key, newest));
        }
        // Threads that are no longer looked at need not be known: a null removes them from the state.
        var old = new LinkedHashMap<String, @Nullable Object>();
        current.object("threads").values().keySet().stream()
                .filter(ts -> !Ts.isAfter(ts, horizon))
                .forEach(ts -> old.put(ts, null));
        if (!old.isEmpty()) {
            changed.put("threads", old);
        }
        return changed.isEmpty() ? JsonObject.EMPTY : JsonObject.of("channels", Map.of(channel, changed));
    }
}
