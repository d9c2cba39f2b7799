package io.tributary.integrations.github;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes activities of the user's events that are new. GitHub keeps 300 at most, in three pages of 100, newest first;
 * all are read in one task, until a page has nothing new.
 *
 * <p>State {@code events}: {@code known}, the ids that are there now, which says exactly what is new however GitHub
 * orders them, and {@code etag} of the first page.
 */
record ListEvents(GithubApi github, TaskContext context, JsonObject state) {

    static final String TYPE = "listEvents";

    private static final int MOST_PER_PAGE = 100;
    private static final int MOST_PAGES = 10;
    private static final int MOST_KNOWN = 1_000;

    ListEvents(GithubApi github, TaskContext context) {
        this(
                github,
                context,
                context.options().equals(Options.NONE) ? context.syncState().object("events") : JsonObject.EMPTY);
    }

    TaskResult run(String username) throws TaskFailure, InterruptedException {
        String path = "/users/" + username + "/events";
        HttpRequest request = github.request(path).query("per_page", MOST_PER_PAGE);
        Optional<String> etag = state.text("etag");
        HttpResponse first = github.list(etag.isPresent() ? request.header("If-None-Match", etag.get()) : request);
        JsonObject poll = new PollInterval(context).requestedBy(first);
        if (first.status() == 304) {
            return TaskResult.nothing().withState(poll);
        }
        Set<String> known = Set.copyOf(state.texts("known"));
        var events = new ArrayList<JsonObject>();
        var listed = new LinkedHashSet<String>();
        HttpResponse page = first;
        PageTrail trail = PageTrail.START;
        for (int pages = 1; ; pages++) {
            List<JsonObject> all = page.jsonObjects();
            List<JsonObject> news = all.stream()
                    .filter(event -> !known.contains(event.requireText("id")))
                    .filter(event -> listed.add(event.requireText("id")))
                    .toList();
            events.addAll(news);
            Optional<String> next = page.link("next").map(URI::getRawQuery);
            if (next.isPresent()) {
                trail = GithubApi.onward(trail, next.get());
            }
            if (news.isEmpty() || next.isEmpty() || pages == MOST_PAGES) {
                break;
            }
            page = github.list(github.request(path + "?" + next.get()));
        }
        TaskResult result = TaskResult.ofOutputs(events.stream()
                .filter(event -> context.options().includes(time(event)))
                .map(event -> activity(event, username))
                .toList());
        return result.withState(context.options().isBounded() ? poll : poll.with("events", newState(first, listed)));
    }

    private static @Nullable Instant time(JsonObject event) {
        return FetchNotification.time(event.text("created_at").orElse(null));
    }

    private JsonObject newState(HttpResponse first, Set<String> listed) {
        var known = new LinkedHashSet<>(listed);
        known.addAll(state.texts("known"));
        return JsonObject.of("etag", first.header("etag").orElse(null))
                .with("known", known.stream().limit(MOST_KNOWN).toList());
    }

    /**
     * The external id is {@code event:} and GitHub's id, the external timestamp {@code created_at}. The content is a
     * sentence for a person. Metadata: {@code type}, {@code action}, {@code repository}, {@code number}, {@code title},
     * {@code sourceUrl} (a page to open).
     */
    private static Output activity(JsonObject event, String username) {
        var sentence = new EventSentence(event, username);
        return Output.activity("event:" + event.requireText("id"), sentence.title(), sentence.text())
                .at(time(event))
                .withMetadata(sentence.metadata());
    }
}
