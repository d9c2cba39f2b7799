package io.tributary.integrations.github;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.api.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an activity of a notification, with what its subject says.
 *
 * <p>The external id is {@code notification:} and GitHub's id, the external timestamp {@code updated_at}. The content
 * is a sentence for a person. Metadata: {@code reason}, {@code repository}, {@code subjectType}, {@code subjectTitle},
 * {@code unread}, {@code sourceUrl} (a page to open), {@code number}, {@code state}, {@code author}. When the subject
 * is out of the token's reach, the sentence says less.
 */
record FetchNotification(GithubApi github, String username) {

    static final String TYPE = "fetchNotification";

    static FollowUp of(JsonObject notification) {
        JsonObject subject = notification.object("subject");
        return new FollowUp(
                TYPE,
                JsonObject.of("id", notification.requireText("id"))
                        .with("reason", notification.text("reason").orElse(""))
                        .with("updatedAt", notification.text("updated_at").orElse(null))
                        .with("unread", notification.bool("unread").orElse(null))
                        .with(
                                "repository",
                                notification
                                        .object("repository")
                                        .text("full_name")
                                        .orElse(""))
                        .with("title", subject.text("title").orElse(""))
                        .with("url", subject.text("url").orElse(null))
                        .with("subjectType", subject.text("type").orElse("")));
    }

    TaskResult run(JsonObject notification) throws TaskFailure, InterruptedException {
        Optional<String> url = notification.text("url");
        Optional<JsonObject> subject = url.isPresent() ? github.item(url.get()) : Optional.empty();
        return TaskResult.ofOutputs(List.of(activity(notification, subject.orElse(JsonObject.EMPTY))));
    }

    private Output activity(JsonObject notification, JsonObject subject) {
        String text = subject.isEmpty()
                ? plain(notification)
                : new Sentence(username, notification, subject).text().orElseGet(() -> plain(notification));
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("reason", notification.requireText("reason"));
        metadata.put("repository", notification.requireText("repository"));
        metadata.put("subjectType", notification.requireText("subjectType"));
        metadata.put("subjectTitle", notification.requireText("title"));
        metadata.put("unread", notification.bool("unread").orElse(null));
        metadata.put(
                "sourceUrl",
                subject.text("html_url").or(() -> notification.text("url")).orElse(null));
        metadata.put("number", subject.integer("number").orElse(null));
        metadata.put("state", subject.text("state").orElse(null));
        metadata.put("author", subject.object("user").text("login").orElse(null));
        metadata.values().removeIf(value -> value == null || value.equals(""));
        return Output.activity(
                        "notification:" + notification.requireText("id"), notification.requireText("title"), text)
                .at(time(notification.text("updatedAt").orElse(null)))
                .withMetadata(new JsonObject(metadata));
    }

    private String plain(JsonObject notification) {
        return "GitHub notification for " + username + " in " + notification.requireText("repository");
    }

    static @Nullable Instant time(@Nullable String text) {
        // The item is worth more than its time.
        return text == null ? null : Times.parse(text).orElse(null);
    }
}
