package io.tributary.integrations.slack;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the channels to sync: those of the config, or else those that were joined, a page at a time. */
record ListChannels(SlackApi slack, JsonObject config) {

    static final String TYPE = "getChannelList";

    /** Slack recommends no more than 200 ("conversations.list"). */
    private static final int PER_PAGE = 200;

    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        List<String> chosen = config.texts("channels");
        return chosen.isEmpty()
                ? joined(payload)
                : TaskResult.ofTasks(
                        chosen.stream().map(id -> ReadHistory.of(id, "")).toList());
    }

    private TaskResult joined(JsonObject payload) throws TaskFailure, InterruptedException {
        var arguments = new HashMap<String, Object>(
                Map.of("types", "public_channel,private_channel", "exclude_archived", true, "limit", PER_PAGE));
        payload.text("cursor").ifPresent(cursor -> arguments.put("cursor", cursor));
        JsonObject page = slack.call("conversations.list", arguments);
        var tasks = new ArrayList<>(SlackApi.objects(page, "channels").stream()
                .filter(channel -> channel.bool("is_member").orElse(false))
                .map(channel -> ReadHistory.of(
                        channel.requireText("id"), channel.text("name").orElse("")))
                .toList());
        SlackApi.nextPage(payload, page).ifPresent(next -> tasks.add(new FollowUp(TYPE, next)));
        return TaskResult.ofTasks(tasks);
    }
}
