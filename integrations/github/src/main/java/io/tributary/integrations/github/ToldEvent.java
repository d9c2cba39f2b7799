package io.tributary.integrations.github;

import io.tributary.integrations.api.JsonObject;
import java.util.LinkedHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an event tells a person (GitHub Docs, "GitHub event types"). */
record ToldEvent(JsonObject event, String username) {

    String text() {
        return switch (type()) {
            case "PullRequestEvent" -> about(verb("created") + " PR");
            case "IssuesEvent" -> about(verb("created") + " issue");
            case "IssueCommentEvent" -> about("commented on " + (isPullRequest() ? "PR" : "issue"));
            case "PullRequestReviewCommentEvent", "PullRequestReviewEvent" -> about("commented on PR");
            default -> "GitHub activity: " + title();
        };
    }

    /** What it is about: the issue's or the pull request's title, or else what happened where. */
    String title() {
        return subject().text("title").orElseGet(() -> type().replaceAll("Event$", "") + " in " + repository());
    }

    JsonObject metadata() {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("type", type());
        metadata.put("action", payload().text("action").orElse(null));
        metadata.put("repository", repository());
        metadata.put("number", subject().integer("number").orElse(null));
        metadata.put("title", subject().text("title").orElse(null));
        metadata.put(
                "sourceUrl",
                Stream.of("comment", "review", "pull_request", "issue")
                        .flatMap(key -> payload().object(key).text("html_url").stream())
                        .findFirst()
                        .orElse(null));
        metadata.values().removeIf(value -> value == null);
        return new JsonObject(metadata);
    }

    private String about(String what) {
        String number = subject().integer("number").map(value -> " #" + value).orElse("");
        return username + " " + what + number
                + subject().text("title").map(title -> ": " + title).orElse("");
    }

    /** GitHub's word for what happened, but the plainer one for what was opened. */
    private String verb(String opened) {
        String action = payload().text("action").orElse("opened");
        return action.equals("opened") ? opened : action;
    }

    private JsonObject subject() {
        JsonObject pullRequest = payload().object("pull_request");
        return pullRequest.isEmpty() ? payload().object("issue") : pullRequest;
    }

    private boolean isPullRequest() {
        return payload().object("issue").has("pull_request");
    }

    private JsonObject payload() {
        return event.object("payload");
    }

    private String type() {
        return event.text("type").orElse("Event");
    }

    private String repository() {
        return event.object("repo").text("name").orElse("");
    }
}
