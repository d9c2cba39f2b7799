package io.tributary.integrations.slack;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the replies of a thread that came after those that are known, a page at a time, oldest first. */
record ReadReplies(SlackApi slack, TaskContext context) {

    static final String TYPE = "getReplies";

    private static final int PER_PAGE = 200;

    /**
     * @param after the {@code ts} of the newest reply that is known
     * @param newest the {@code ts} of the newest reply that there is; null: not to be kept in the state
     */
    static FollowUp of(String channel, String name, String thread, String after, @Nullable String newest) {
        return new FollowUp(
                TYPE,
                JsonObject.of("channel", channel)
                        .with("name", name)
                        .with("thread", thread)
                        .with("after", after)
                        .with("newest", newest)
                        .withoutNulls());
    }

    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        String channel = payload.requireText("channel");
        String thread = payload.requireText("thread");
        String after = payload.requireText("after");
        var arguments = new LinkedHashMap<String, @Nullable Object>();
        arguments.put("channel", channel);
        arguments.put("ts", thread);
        arguments.put("oldest", after.equals(Ts.ZERO) ? null : after);
        arguments.put("limit", PER_PAGE);
        arguments.put("cursor", payload.text("cursor").orElse(null));
        JsonObject page = slack.call("conversations.replies", arguments);
        // Each page begins with the message that started the thread. That message, and replies that were sent to the
        // channel as well, are outputs of the history.
        List<Output> replies = SlackApi.objects(page, "messages").stream()
                .filter(message -> Ts.isOne(message.text("ts").orElse("")))
                .filter(message -> !message.requireText("ts").equals(thread))
                .filter(message -> Ts.isAfter(message.requireText("ts"), after))
                .filter(message -> !message.text("subtype").equals(Optional.of("thread_broadcast")))
                .filter(message -> context.options().includes(Ts.time(message.requireText("ts"))))
                .map(message -> Message.output(channel, payload.text("name").orElse(""), message))
                .toList();
        TaskResult result = TaskResult.ofOutputs(replies);
        Optional<JsonObject> next = SlackApi.nextPage(payload, page);
        return next.isPresent()
                ? result.withTasks(List.of(new FollowUp(TYPE, next.get())))
                : result.withState(newState(payload, channel, thread));
    }

    /** With the last page: a thread is known once all of its replies are. */
    private static JsonObject newState(JsonObject payload, String channel, String thread) {
        return payload.text("newest")
                .map(newest -> JsonObject.of("channels", Map.of(channel, Map.of("threads", Map.of(thread, newest)))))
                .orElse(JsonObject.EMPTY);
    }
}
