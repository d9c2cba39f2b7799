package io.tributary.integrations.slack;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an output of a message.
 *
 * <p>The external id is {@code channel:ts}, the external timestamp the time in {@code ts}. The content is the text, in
 * Slack's markup; the name its beginning. Metadata: {@code channel}, {@code channelName}, {@code ts}, {@code threadTs}
 * (of replies), {@code user} or {@code botId}, {@code subtype}, {@code editedTs}, {@code files[]} (id, name, mimetype,
 * size) and {@code reactions[]} (name, count).
 */
final class Message {

    private static final int NAME_CHARS = 80;

    private Message() {}

    static Output output(String channel, String channelName, JsonObject message) {
        String ts = message.requireText("ts");
        String text = message.text("text").orElse("");
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("channel", channel);
        metadata.put("channelName", channelName.isEmpty() ? null : channelName);
        metadata.put("ts", ts);
        // A message that started a thread has its own ts there, from the first reply on; nothing says so to who has it.
        metadata.put(
                "threadTs",
                message.text("thread_ts").filter(thread -> !thread.equals(ts)).orElse(null));
        metadata.put("user", message.text("user").orElse(null));
        metadata.put("botId", message.text("bot_id").orElse(null));
        metadata.put("subtype", message.text("subtype").orElse(null));
        metadata.put("editedTs", message.object("edited").text("ts").orElse(null));
        metadata.put("files", some(message, "files", "id", "name", "mimetype", "size"));
        metadata.put("reactions", some(message, "reactions", "name", "count"));
        metadata.values().removeIf(value -> value == null);
        return Output.content(channel + ":" + ts, beginning(text), text)
                .at(Ts.time(ts))
                .withMetadata(new JsonObject(metadata));
    }

    /** Some keys of each object of a list; null when there is none. */
    private static @Nullable List<Map<String, @Nullable Object>> some(JsonObject message, String list, String... keys) {
        List<Map<String, @Nullable Object>> objects = message.objects(list).stream()
                .map(object -> object.only(keys).values())
                .toList();
        return objects.isEmpty() ? null : objects;
    }

    private static String beginning(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() <= NAME_CHARS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, line.codePointCount(0, NAME_CHARS))) + "\u2026";
    }
}
