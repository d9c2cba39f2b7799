package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Syncs the books of a shelf, by lists of what changed and a request for each book; {@link Bug} says what it gets
 * wrong. {@code config.paging} says how the API pages.
 */
final class ShelfIntegration implements Integration {

    enum Bug {
        NONE,
        READS_ONE_PAGE,
        SENDS_CURSORS_AS_THEY_ARE,
        REMEMBERS_WHAT_FAILED,
        MAKES_IDS_UP,
        TAKES_HTML_FOR_AN_EMPTY_LIST,
        TELLS_THE_TOKEN,
        REPEATS_WHAT_THE_PROVIDER_SAYS,
        TAKES_REFUSALS_FOR_PASSING,
        PAYS_ATTEMPTS_FOR_WAITS,
        ASKS_FOR_THE_STATE_AT_THE_END,
        CALLS_NEWS_EVERYTHING,
        FORGETS_WHAT_IT_SAW,
        FAILS_WHEN_NOTHING_IS_NEW,
        IGNORES_DELETIONS,
        IGNORES_FORCE,
        MOVES_THE_STATE_OF_RANGES,
        READS_BYTES_AS_LATIN,
        BELIEVES_EVERY_CHARSET,
        HAS_NO_BASE_URL,
        HAS_TWO_TOKEN_URLS
    }

    private static final OAuth2 PROVIDER =
            new OAuth2("https://shelf.test/authorize", "https://shelf.test/token", List.of());

    private final Bug bug;
    private @Nullable JsonObject remembered;

    ShelfIntegration(Bug bug) {
        this.bug = bug;
    }

    @Override
    public Manifest manifest() {
        String baseUrl = bug == Bug.HAS_NO_BASE_URL ? "url" : "baseUrl";
        return new Manifest(
                        "shelf",
                        "1.0.0",
                        "Shelf",
                        Set.of(Manifest.Auth.OAUTH2),
                        """
                {"type": "object",
                 "properties": {"%s": {"type": "string", "description": "Where the shelf is."},
                                "paging": {"type": "string", "description": "How it pages."},
                                "tokenUrl": {"type": "string", "description": "Where tokens are.", "default": "%s"}}}
                """.formatted(
                                baseUrl, bug == Bug.HAS_TWO_TOKEN_URLS ? PROVIDER.authorizeUrl() : PROVIDER.tokenUrl()),
                        List.of(new Manifest.SyncType("books", "list", Duration.ofMinutes(15))),
                        List.of(Manifest.TaskType.list("list"), Manifest.TaskType.download("fetch")),
                        Limits.DEFAULT)
                .withOAuth2(PROVIDER);
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        return new Account(send("/me", null, context).json().requireText("id"), "Ada's shelf", JsonObject.EMPTY);
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return task.type().equals("list") ? list(task.payload(), context) : fetch(task.payload(), context);
    }

    private TaskResult list(JsonObject payload, TaskContext context) throws TaskFailure, InterruptedException {
        // What the first page leaves in the state must not change what the others are asked for.
        JsonObject before = payload.has("page") ? payload : state(context);
        HttpResponse response = page(before, context);
        List<JsonObject> books;
        JsonObject body;
        try {
            body = isWholeList(context) ? JsonObject.EMPTY : response.json();
            books = isWholeList(context) ? objects(response.jsonList()) : objects(body.list("books"));
        } catch (TaskFailure.Transient e) {
            if (bug == Bug.TAKES_HTML_FOR_AN_EMPTY_LIST) {
                return TaskResult.nothing();
            }
            throw e;
        }
        List<?> known = before.list("known");
        var tasks = new ArrayList<FollowUp>();
        var gone = new ArrayList<Output>();
        for (JsonObject book : books) {
            boolean deleted = book.bool("deleted").orElse(false);
            if (deleted && bug != Bug.IGNORES_DELETIONS) {
                gone.add(Output.deletion("book:" + book.requireText("id")));
            } else if (!deleted && !known.contains(key(book))) {
                tasks.add(FollowUp.of("fetch", "id", book.requireText("id")));
            }
        }
        if (bug == Bug.FAILS_WHEN_NOTHING_IS_NEW && tasks.isEmpty() && before.has("since")) {
            throw new TaskFailure.Permanent("shelf.nothingNew", "There is nothing new.", null);
        }
        Optional<String> next = next(payload, response, body, books);
        if (next.isPresent() && bug != Bug.READS_ONE_PAGE) {
            tasks.add(new FollowUp(
                    "list",
                    JsonObject.of("page", next.get())
                            .with("since", before.text("since").orElse(null))
                            .with("known", known)));
        }
        TaskResult result =
                TaskResult.ofTasks(tasks).withOutputs(gone).withState(newState(payload, next, books, context));
        return bug == Bug.CALLS_NEWS_EVERYTHING ? result.withListing(Listing.ofEverything(List.of())) : result;
    }

    private JsonObject newState(JsonObject payload, Optional<String> next, List<JsonObject> books, TaskContext context)
            throws TaskFailure, InterruptedException {
        boolean bounded =
                context.options().startDate() != null || context.options().endDate() != null;
        if ((bounded && bug != Bug.MOVES_THE_STATE_OF_RANGES) || bug == Bug.FORGETS_WHAT_IT_SAW) {
            return JsonObject.EMPTY;
        }
        if (bug == Bug.ASKS_FOR_THE_STATE_AT_THE_END) {
            return next.isPresent()
                    ? JsonObject.EMPTY
                    : newest(objects(page(JsonObject.EMPTY, context).json().list("books")));
        }
        if (payload.has("page")) {
            return JsonObject.EMPTY;
        }
        JsonObject newest = newest(books);
        if (bug == Bug.REMEMBERS_WHAT_FAILED && !newest.isEmpty()) {
            remembered = newest;
        }
        return newest;
    }

    private static JsonObject newest(List<JsonObject> books) {
        Optional<String> since =
                books.stream().map(book -> book.requireText("updated")).max(Comparator.naturalOrder());
        return since.map(time -> JsonObject.of("since", time)
                        .with(
                                "known",
                                books.stream()
                                        .filter(book ->
                                                book.requireText("updated").equals(time))
                                        .map(ShelfIntegration::key)
                                        .toList()))
                .orElse(JsonObject.EMPTY);
    }

    private static String key(JsonObject book) {
        return book.requireText("id") + "@" + book.requireText("updated");
    }

    private JsonObject state(TaskContext context) {
        if (bug == Bug.IGNORES_FORCE && context.options().force()) {
            return context.syncState();
        }
        JsonObject state = context.options().equals(Options.NONE) ? context.syncState() : JsonObject.EMPTY;
        return remembered == null ? state : remembered;
    }

    /** @param asked {@code since} when, and which {@code page}, as {@link #next} found it */
    private HttpResponse page(JsonObject asked, TaskContext context) throws TaskFailure, InterruptedException {
        String page = asked.text("page").orElse(null);
        if (page != null && page.startsWith("http")) {
            return context.http().send(authorized(HttpRequest.get(URI.create(page)), context));
        }
        Instant start = context.options().startDate();
        HttpRequest request = HttpRequest.get(URI.create(base(context) + "/books"))
                .query("since", start == null ? asked.text("since").orElse(null) : start)
                .query("before", context.options().endDate());
        if (page != null && bug == Bug.SENDS_CURSORS_AS_THEY_ARE) {
            String separator = request.uri().getRawQuery() == null ? "?" : "&";
            URI uri = URI.create(request.uri() + separator + "cursor=" + page.replaceAll("[%# ]", "_"));
            return context.http().send(authorized(HttpRequest.get(uri), context));
        }
        return context.http().send(authorized(request.query(parameter(context), page), context));
    }

    private static String parameter(TaskContext context) {
        return switch (paging(context)) {
            case "page", "offset" -> paging(context);
            default -> "cursor";
        };
    }

    private static String paging(TaskContext context) {
        return context.config().text("paging").orElse("cursor");
    }

    private static boolean isWholeList(TaskContext context) {
        return paging(context).equals("link");
    }

    private Optional<String> next(JsonObject payload, HttpResponse response, JsonObject body, List<JsonObject> books) {
        Optional<String> linked = response.link("next").map(URI::toString);
        Optional<String> counted = body.object("meta")
                .bool("more")
                .filter(more -> more)
                .map(more -> {
                    int page = payload.text("page")
                            .map(Integer::parseInt)
                            .orElse(body.object("meta").has("paged") ? 1 : 0);
                    return String.valueOf(body.object("meta").has("paged") ? page + 1 : page + books.size());
                });
        return linked.or(() -> response.header("X-Next"))
                .or(() -> body.object("meta").text("next"))
                .or(() -> counted);
    }

    private TaskResult fetch(JsonObject payload, TaskContext context) throws TaskFailure, InterruptedException {
        String id = payload.requireText("id");
        HttpResponse response = send("/books/" + id, null, context);
        if (response.status() == 404) {
            return TaskResult.nothing();
        }
        if (response.status() != 200) {
            throw new TaskFailure.Permanent(
                    "shelf.refused",
                    "The shelf answered " + response.status()
                            + (bug == Bug.REPEATS_WHAT_THE_PROVIDER_SAYS ? response.text() : ""),
                    null);
        }
        JsonObject book = response.json();
        String externalId = bug == Bug.MAKES_IDS_UP ? context.userIntegrationId() + id : "book:" + id;
        return TaskResult.ofOutputs(List.of(Output.content(
                        externalId, title(book, response), "version " + book.requireInteger("version"))
                .at(Instant.parse(book.requireText("updated")))
                .withMetadata(
                        bug == Bug.TELLS_THE_TOKEN
                                ? JsonObject.of("from", context.credentials().require("accessToken"))
                                : JsonObject.of("id", id))));
    }

    private String title(JsonObject book, HttpResponse response) {
        return switch (bug) {
            case READS_BYTES_AS_LATIN ->
                new String(book.requireText("title").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            case BELIEVES_EVERY_CHARSET -> response.text().replaceAll("(?s).*\"title\":\"(.*?)\".*", "$1");
            default -> book.requireText("title");
        };
    }

    private HttpResponse send(String path, @Nullable String cursor, TaskContext context)
            throws TaskFailure, InterruptedException {
        try {
            return context.http()
                    .send(authorized(
                            HttpRequest.get(URI.create(base(context) + path)).query("cursor", cursor), context));
        } catch (TaskFailure.Unauthorized e) {
            if (bug == Bug.TAKES_REFUSALS_FOR_PASSING) {
                throw new TaskFailure.Transient(e.code(), e.reason(), e);
            }
            throw e;
        } catch (TaskFailure.RetryLater e) {
            if (bug == Bug.PAYS_ATTEMPTS_FOR_WAITS) {
                throw new TaskFailure.Transient(e.code(), e.reason(), e);
            }
            throw e;
        }
    }

    private static String base(TaskContext context) {
        return context.config().requireText("baseUrl");
    }

    private static HttpRequest authorized(HttpRequest request, TaskContext context) throws TaskFailure {
        return request.bearer(context.credentials().require("accessToken"));
    }

    @SuppressWarnings("unchecked")
    private static List<JsonObject> objects(List<?> values) {
        return values.stream()
                .map(value -> new JsonObject((Map<String, @Nullable Object>) value))
                .toList();
    }
}
