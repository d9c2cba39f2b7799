package io.tributary.integrations.github;

import io.tributary.integrations.api.JsonObject;
import java.util.stream.Stream;

/** An event as a sentence for a person (GitHub Docs, "GitHub event types"). */
record EventSentence(JsonObject event, String username) {

    String text() {
        return switch (type()) {
            case "PullRequestEvent" -> about(verb("created") + " PR");
            case "IssuesEvent" -> about(verb("created") + " issue");
            case "IssueCommentEvent" -> about("commented on " + (isPullRequest() ? "PR" : "issue"));
            case "PullRequestReviewCommentEvent", "PullRequestReviewEvent" -> about("commented on PR");
            default -> "GitHub activity: " + title();
        };
    }

    /** The subject: the issue's or the pull request's title, or else what happened where. */
    String title() {
        return subject().text("title").orElseGet(() -> type().replaceAll("Event$", "") + " in " + repository());
    }

    JsonObject metadata() {
        String page = Stream.of("comment", "review", "pull_request", "issue")
                .flatMap(key -> payload().object(key).text("html_url").stream())
                .findFirst()
                .orElse(null);
        return JsonObject.of("type", type())
                .with("action", payload().text("action").orElse(null))
                .with("repository", repository())
                .with("number", subject().integer("number").orElse(null))
                .with("title", subject().text("title").orElse(null))
                .with("sourceUrl", page)
                .withoutNulls();
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
