package io.tributary.integrations.slack;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the replies of a thread that came after those that are known, a page at a time, oldest first. */
final class ReadReplies {

    static final String TYPE = "getReplies";

    private static final int PER_PAGE = 200;

    private final SlackApi slack;
    private final TaskContext context;

    ReadReplies(SlackApi slack, TaskContext context) {
        this.slack = slack;
        this.context = context;
    }

    /** @param after the {@code ts} of the newest reply that is known */
    static FollowUp of(String channel, String name, String thread, String after) {
        return new FollowUp(
                TYPE,
                JsonObject.of("channel", channel)
                        .with("name", name)
                        .with("thread", thread)
                        .with("after", after));
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
        // Each page begins with the message that started the thread; that one, and replies that were sent to the
        // channel
        // as well, are outputs of the history.
        List<Output> replies = SlackApi.objects(page, "messages")
                .filter(message -> Ts.isOne(message.text("ts").orElse("")))
                .filter(message -> !message.requireText("ts").equals(thread))
                .filter(message -> Ts.isAfter(message.requireText("ts"), after))
                .filter(message -> !message.text("subtype").equals(Optional.of("thread_broadcast")))
                .filter(this::isWithin)
                .map(message -> Message.output(channel, payload.text("name").orElse(""), message))
                .toList();
        TaskResult result = TaskResult.ofOutputs(replies);
        return SlackApi.nextCursor(page)
                .map(cursor -> result.withTasks(List.of(new FollowUp(TYPE, payload.with("cursor", cursor)))))
                .orElse(result);
    }

    private boolean isWithin(JsonObject message) {
        Options options = context.options();
        Instant time = Ts.time(message.requireText("ts"));
        return time == null
                || ((options.startDate() == null || !time.isBefore(options.startDate()))
                        && (options.endDate() == null || time.isBefore(options.endDate())));
    }
}
