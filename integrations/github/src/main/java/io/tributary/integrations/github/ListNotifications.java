package io.tributary.integrations.github;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.PageTrail;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists notifications that were updated since the last run, a page at a time, newest first.
 *
 * <p>State {@code notifications}: {@code since}, the newest {@code updated_at} that was seen; {@code known}, the ids
 * that had exactly that time, since GitHub may return them again; {@code lastModified} of the list. The first page sets
 * it: what is updated while later pages are read is newer than that and found by the next run. A run that is bounded by
 * dates leaves it alone.
 */
record ListNotifications(GithubApi github, TaskContext context, JsonObject state) {

    static final String TYPE = "listNotifications";

    /** The reasons that say that someone wants something of the user. */
    private static final Set<String> REASONS =
            Set.of("assign", "author", "comment", "mention", "review_requested", "state_change", "team_mention");

    private static final int MOST_PER_PAGE = 50;

    ListNotifications(GithubApi github, TaskContext context) {
        this(
                github,
                context,
                context.options().force()
                        ? JsonObject.EMPTY
                        : context.syncState().object("notifications"));
    }

    /** @param payload empty for the first page, else the {@code query} of the page and what {@code known} was */
    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        boolean first = !payload.has("query");
        HttpResponse response =
                github.list(first ? firstPage() : github.request("/notifications?" + payload.requireText("query")));
        if (response.status() == 304) {
            return TaskResult.nothing().withState(new PollInterval(context).requestedBy(response));
        }
        List<JsonObject> listed = response.jsonObjects();
        List<String> known = (first ? state : payload).texts("known");
        var tasks = new ArrayList<>(listed.stream()
                .filter(notification ->
                        REASONS.contains(notification.text("reason").orElse("")))
                .filter(notification -> !known.contains(key(notification)))
                .map(FetchNotification::of)
                .toList());
        Optional<String> next = response.link("next").map(URI::getRawQuery);
        if (next.isPresent()) {
            PageTrail trail = GithubApi.onward(PageTrail.of(payload.object("trail")), next.get());
            tasks.add(new FollowUp(
                    TYPE,
                    JsonObject.of("query", next.get()).with("known", known).with("trail", trail.toJson())));
        }
        TaskResult result = TaskResult.ofTasks(tasks);
        return first ? result.withState(newState(response, listed)) : result;
    }

    private HttpRequest firstPage() throws TaskFailure {
        Options options = context.options();
        @Nullable
        Object since = options.startDate() != null
                ? options.startDate()
                : state.text("since").orElse(Objects.toString(options.firstSince(), null));
        HttpRequest request = github.request("/notifications")
                .query("all", true)
                .query("per_page", MOST_PER_PAGE)
                .query("since", since)
                .query("before", options.endDate());
        Optional<String> lastModified = context.options().isBounded() ? Optional.empty() : state.text("lastModified");
        return lastModified.isPresent() ? request.header("If-Modified-Since", lastModified.get()) : request;
    }

    private JsonObject newState(HttpResponse response, List<JsonObject> listed) {
        JsonObject poll = new PollInterval(context).requestedBy(response);
        Optional<String> newest = listed.stream()
                .flatMap(notification -> notification.text("updated_at").stream())
                .max(Comparator.naturalOrder());
        if (context.options().isBounded()) {
            return poll;
        }
        JsonObject changed =
                JsonObject.of("lastModified", response.header("last-modified").orElse(null));
        if (newest.isPresent()) {
            changed = changed.with("since", newest.get())
                    .with(
                            "known",
                            listed.stream()
                                    .filter(notification ->
                                            notification.text("updated_at").equals(newest))
                                    .map(ListNotifications::key)
                                    .toList());
        }
        return poll.with("notifications", changed);
    }

    private static String key(JsonObject notification) {
        return notification.requireText("id") + "@"
                + notification.text("updated_at").orElse("");
    }
}
