package io.tributary.integrations.github;

import io.tributary.integrations.api.JsonObject;
import java.util.Optional;

/**
 * What a notification tells a person, by its reason (GitHub Docs, "About notification reasons").
 *
 * @param username who is notified
 * @param notification as {@link FetchNotification} carries it
 * @param subject the issue or pull request it is about
 */
record Sentence(String username, JsonObject notification, JsonObject subject) {

    private static final int LONGEST_BODY = 10_000;

    /** Empty for reasons that have no sentence of their own. */
    Optional<String> text() {
        String title = subject.text("title").orElseGet(() -> notification.requireText("title"));
        return switch (notification.requireText("reason")) {
            case "assign" ->
                Optional.of(
                        capitalized() + number() + " assigned to " + username + " in " + repository() + ": " + title);
            case "review_requested" ->
                Optional.of(username + " requested to review PR" + number() + " in " + repository() + ": " + title);
            case "mention" ->
                Optional.of(author() + " mentioned " + username + " in " + repository() + " " + kind() + number() + ": "
                        + body());
            case "comment" ->
                Optional.of(author() + " commented on " + kind() + number() + " in " + repository() + ": " + body());
            case "state_change" ->
                Optional.of(author() + " changed " + kind() + number() + " state "
                        + subject.text("state")
                                .map(state -> "to " + state + " ")
                                .orElse("") + "in " + repository() + ": "
                        + title);
            default -> Optional.empty();
        };
    }

    private String repository() {
        return notification.requireText("repository");
    }

    private String kind() {
        return notification.requireText("subjectType").equals("Issue") ? "issue" : "PR";
    }

    private String capitalized() {
        return kind().equals("issue") ? "Issue" : "PR";
    }

    private String number() {
        return subject.integer("number").map(number -> " #" + number).orElse("");
    }

    private String author() {
        return subject.object("user").text("login").orElse("Someone");
    }

    private String body() {
        String body = subject.text("body").orElse("");
        return body.length() > LONGEST_BODY ? body.substring(0, LONGEST_BODY) : body;
    }
}
