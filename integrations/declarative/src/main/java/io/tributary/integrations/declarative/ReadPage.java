package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Answered.Meaning;
import io.tributary.integrations.declarative.Definition.Child;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Pagination.Way;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a stream. Its records become outputs and the tasks of the streams that are read for each of them; the
 * next page is a task of its own, so a crash costs one page. The last page patches the state, which becomes the account's
 * when the whole run has succeeded. For one task.
 */
final class ReadPage {

    /** Most outputs, tasks and listed items of a task, as {@link TaskResult} has it, less one for the next page. */
    private static final int MOST_RECORDS = 9_999;

    /** Characters of a payload: 64 KB is the most, and some characters take several bytes. */
    private static final int LONGEST_PAYLOAD = 60_000;

    /** Records of a parent stream whose children keep a state of their own. */
    private static final int MOST_PARENTS = 2_000;

    private final Stream stream;
    private final TaskContext context;
    private final String domain;
    private final Provider provider;
    private final PageTask task;
    private final boolean isBounded;
    private final JsonObject state;
    private final Reach reach;
    private final Scope scope;

    private final List<Output> outputs = new ArrayList<>();
    private final List<FollowUp> tasks = new ArrayList<>();
    private final List<String> listed = new ArrayList<>();

    ReadPage(Definition definition, Stream stream, TaskContext context, JsonObject payload) {
        this.stream = stream;
        this.context = context;
        this.domain = definition.manifest().domain();
        this.provider = new Provider(definition, context);
        this.task = PageTask.of(payload);
        Options options = context.options();
        this.isBounded = options.startDate() != null || options.endDate() != null;
        this.state = isBounded || options.force() || task.afresh() ? JsonObject.EMPTY : ownState();
        this.reach = task.reach() == null ? Marks.begin(stream.incremental(), state, options) : task.reach();
        this.scope = scope(task);
    }

    TaskResult run() throws TaskFailure, ExpressionFailure, InterruptedException {
        checkParents();
        Answered answer = provider.send(request(task), stream.request(), expired(), scope);
        return switch (answer.meaning()) {
            case RECORDS -> take(answer);
            case MISSING, UNCHANGED -> TaskResult.nothing();
            case EXPIRED -> TaskResult.ofTasks(List.of(task.startedAfresh().of(stream.name())));
        };
    }

    /** A cursor that was not sent cannot have expired: its refusal is then what it is anywhere else. */
    private @Nullable Condition expired() {
        return stream.incremental() instanceof Incremental.Stored stored && reach.from() != null && task.index() == 0
                ? stored.expired()
                : null;
    }

    private HttpRequest request(PageTask page) throws TaskFailure, ExpressionFailure {
        Scope its = scope(page);
        if (page.cursor() != null
                && (stream.pagination().how() instanceof Way.Link
                        || stream.pagination().how() instanceof Way.NextUrl)) {
            return provider.followed(page.cursor(), stream.request(), its);
        }
        HttpRequest request = provider.request(stream.request(), its);
        Pagination pagination = stream.pagination();
        if (pagination.sizeParameter() != null) {
            request = request.query(pagination.sizeParameter(), pagination.size());
        }
        request = switch (pagination.how()) {
            case Way.Number number -> request.query(number.parameter(), number.first() + page.index());
            case Way.Offset offset -> request.query(offset.parameter(), offset.first() + page.offset());
            case Way.Cursor cursor when cursor.parameter() != null -> request.query(cursor.parameter(), page.cursor());
            case Way.Cursor cursor -> request;
            case Way.Link link -> request;
            case Way.NextUrl url -> request;
            case Way.Keyset keyset when keyset.parameter() != null -> request.query(keyset.parameter(), page.cursor());
            case Way.Keyset keyset -> request;
            case Way.None none -> request;
        };
        Optional<String> etag = page.index() == 0 ? state.text("etag") : Optional.empty();
        return stream.conditional() && etag.isPresent() ? request.header("If-None-Match", etag.get()) : request;
    }

    private Scope scope(PageTask page) {
        Scope its = Provider.scope(context).with("parent", task.parent().values());
        var numbers = new LinkedHashMap<String, @Nullable Object>();
        numbers.put("index", page.index());
        numbers.put("offset", page.offset());
        numbers.put("size", stream.pagination().size());
        if (stream.pagination().how() instanceof Way.Number number) {
            numbers.put("number", number.first() + page.index());
        }
        if (page.cursor() != null) {
            numbers.put("cursor", page.cursor());
        }
        its = its.with("page", numbers);
        String variable = stream.incremental().variable();
        if (variable != null && reach.from() != null) {
            its = its.with(variable, sent(reach.from()));
        }
        Instant end = context.options().endDate();
        return end == null ? its : its.with("until", sent(end.toString()));
    }

    private Object sent(String value) {
        return stream.incremental() instanceof Incremental.Since since
                ? since.format().of(Instant.parse(value))
                : value;
    }

    private TaskResult take(Answered answer) throws TaskFailure, ExpressionFailure, InterruptedException {
        List<?> records = records(answer);
        List<String> ids = ids(records);
        var marks = new Marks(stream.incremental(), state, reach);
        marks.take(answer, scope);
        int taken = 0;
        for (int i = 0; i < records.size(); i++) {
            taken += take(records.get(i), ids.get(i), marks) ? 1 : 0;
        }
        recheck(ids, marks);
        if (outputs.size() > MOST_RECORDS || tasks.size() > MOST_RECORDS || listed.size() > MOST_RECORDS) {
            throw new TaskFailure.Permanent(
                    domain + ".pageTooLarge",
                    "A page of " + stream.name() + " has more than " + MOST_RECORDS
                            + " records or tasks: ask for fewer a page.",
                    null);
        }
        Optional<PageTask> next = next(answer, ids, taken, marks);
        next.ifPresent(page -> tasks.add(page.of(stream.name())));
        checkPayloads();
        TaskResult result = TaskResult.ofOutputs(outputs).withTasks(tasks).withListing(Listing.of(listed));
        return next.isPresent() || isBounded ? result : result.withState(patch(answer, marks));
    }

    private List<?> records(Answered answer) throws ExpressionFailure {
        if (answer.body() == null) {
            return List.of();
        }
        Object records = stream.records().of(answer.body(), answer.in(scope));
        if (records == null) {
            throw stream.records()
                    .failed("the answer has no records there; where they may be left out, write it as [...]");
        }
        return Values.list(records);
    }

    private List<String> ids(List<?> records) throws ExpressionFailure {
        var ids = new ArrayList<String>();
        for (Object item : records) {
            ids.add(
                    stream.output() == null
                            ? Values.key(Values.json(item))
                            : stream.output().externalId(item, scope));
        }
        return ids;
    }

    /** Returns whether the record is new. */
    private boolean take(Object item, String id, Marks marks) throws ExpressionFailure {
        Output output = stream.output() == null ? null : stream.output().of(id, item, scope);
        if (stream.listed() && output != null && output.kind() != Output.Kind.DELETION) {
            listed.add(id);
        }
        if (!marks.take(item, id, scope)) {
            return false;
        }
        if (output != null && isWithin(output.externalTimestamp())) {
            outputs.add(output);
        }
        for (Child child : stream.children()) {
            if (child.when() == null || child.when().holds(item, scope)) {
                tasks.add(PageTask.first(told(child, item)).of(child.stream()));
            }
        }
        return true;
    }

    private boolean isWithin(@Nullable Instant time) {
        Instant start = context.options().startDate();
        Instant end = context.options().endDate();
        return time == null || ((start == null || !time.isBefore(start)) && (end == null || time.isBefore(end)));
    }

    private JsonObject told(Child child, Object item) throws ExpressionFailure {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var field : child.with().entrySet()) {
            fields.put(field.getKey(), field.getValue().of(item, scope));
        }
        return new JsonObject(fields);
    }

    /**
     * Reads the page before once more: when an item of it has gone since, the first one of this page has moved there, and
     * neither request showed it.
     */
    private void recheck(List<String> ids, Marks marks) throws TaskFailure, ExpressionFailure, InterruptedException {
        if (!stream.pagination().rechecks() || task.index() == 0) {
            return;
        }
        Answered before = provider.send(request(task.before()), stream.request(), null, scope);
        if (before.meaning() != Meaning.RECORDS) {
            return;
        }
        var seen = new HashSet<>(task.previous());
        seen.addAll(keys(ids));
        List<?> records = records(before);
        List<String> its = ids(records);
        for (int i = 0; i < records.size(); i++) {
            if (seen.add(Values.key(its.get(i)))) {
                take(records.get(i), its.get(i), marks);
            }
        }
    }

    private static List<String> keys(List<String> ids) {
        return ids.stream().map(Values::key).toList();
    }

    /** The task of the next page; empty when this was the last one. */
    private Optional<PageTask> next(Answered answer, List<String> ids, int taken, Marks marks)
            throws TaskFailure, ExpressionFailure {
        Reach reached = marks.reach();
        if (stream.incremental() instanceof Incremental.StopAtKnown && taken == 0) {
            return Optional.empty();
        }
        Optional<PageTask> next = switch (stream.pagination().how()) {
            case Way.None none -> Optional.empty();
            case Way.Number number ->
                fullPage(answer, ids) ? Optional.of(page(answer, null, ids, reached)) : Optional.empty();
            case Way.Offset offset ->
                fullPage(answer, ids) ? Optional.of(page(answer, null, ids, reached)) : Optional.empty();
            case Way.Cursor cursor -> {
                String value = cursor.next().text(answer.body(), answer.in(scope));
                yield cursorPage(answer, value, ids, reached);
            }
            case Way.Link link ->
                cursorPage(
                        answer,
                        answer.response()
                                .link("next")
                                .map(String::valueOf)
                                .flatMap(url -> local(url, answer))
                                .orElse(null),
                        ids,
                        reached);
            case Way.NextUrl url -> {
                String value = url.next().text(answer.body(), answer.in(scope));
                yield cursorPage(
                        answer,
                        value == null || value.isEmpty()
                                ? null
                                : local(value, answer).orElse(null),
                        ids,
                        reached);
            }
            case Way.Keyset keyset ->
                fullPage(answer, ids) ? Optional.of(onwards(keyset, answer, ids, reached)) : Optional.empty();
        };
        if (next.isPresent() && next.get().index() >= stream.pagination().maxPages()) {
            throw new TaskFailure.Permanent(
                    domain + ".tooManyPages",
                    "The list of " + stream.name() + " has more than "
                            + stream.pagination().maxPages() + " pages: raise maxPages, or ask for more a page.",
                    null);
        }
        return next;
    }

    private Optional<String> local(String url, Answered answer) {
        return provider.local(url, answer.response().uri());
    }

    /** Whether there is more: as the file tells, or else when the page is as full as it can be. */
    private boolean fullPage(Answered answer, List<String> ids) throws ExpressionFailure {
        Pagination pagination = stream.pagination();
        if (ids.isEmpty()) {
            return false;
        }
        if (pagination.hasMore() != null) {
            return pagination.hasMore().holds(answer.body(), answer.in(scope));
        }
        return ids.size() >= pagination.size();
    }

    private Optional<PageTask> cursorPage(Answered answer, @Nullable String cursor, List<String> ids, Reach reached)
            throws TaskFailure, ExpressionFailure {
        Expression hasMore = stream.pagination().hasMore();
        if (cursor == null || cursor.isEmpty() || hasMore != null && !hasMore.holds(answer.body(), answer.in(scope))) {
            return Optional.empty();
        }
        if (cursor.equals(task.cursor())) {
            throw new TaskFailure.Permanent(
                    domain + ".pagesRepeat",
                    "The list of " + stream.name() + " does not go on: a page names itself as the next one.",
                    null);
        }
        return Optional.of(page(answer, cursor, ids, reached));
    }

    /** After the last record; when all of the page are at the same place, the next page of that place. */
    private PageTask onwards(Way.Keyset keyset, Answered answer, List<String> ids, Reach reached) throws TaskFailure {
        if (reached.to() != null && !reached.to().equals(reach.from())) {
            return page(answer, null, ids, reached.onwards());
        }
        if (keyset.parameter() != null) {
            int number = task.cursor() == null ? keyset.first() : Integer.parseInt(task.cursor());
            return page(answer, String.valueOf(number + 1), ids, reached);
        }
        throw new TaskFailure.Permanent(
                domain + ".pagesRepeat",
                "The list of " + stream.name() + " does not go on: a whole page has one and the same "
                        + stream.incremental().variable() + ". Ask for more a page, or name the parameter for pages.",
                null);
    }

    private PageTask page(Answered answer, @Nullable String cursor, List<String> ids, Reach reached) {
        boolean again = stream.pagination().rechecks();
        return new PageTask(
                task.parent(),
                task.index() + 1,
                task.offset() + ids.size(),
                cursor,
                reached,
                again ? keys(ids).subList(0, Math.min(ids.size(), PageTask.MOST_PREVIOUS)) : List.of(),
                etag(answer),
                task.afresh());
    }

    /** Of the first page: that is the one which is asked for conditionally. */
    private @Nullable String etag(Answered answer) {
        return task.index() == 0 ? answer.response().header("etag").orElse(null) : task.etag();
    }

    private void checkPayloads() throws TaskFailure {
        for (FollowUp each : tasks) {
            if (each.payload().toJson().length() > LONGEST_PAYLOAD) {
                throw new TaskFailure.Permanent(
                        domain + ".payloadTooLarge",
                        "A task of " + each.type() + " would carry more than " + LONGEST_PAYLOAD
                                + " characters: name fewer fields under with.",
                        null);
            }
        }
    }

    private JsonObject ownState() {
        JsonObject its = context.syncState().object(stream.name());
        return stream.isChild() ? its.object(parentKey()) : its;
    }

    private String parentKey() {
        return Values.key(task.parent().toJson());
    }

    private JsonObject patch(Answered answer, Marks marks) {
        JsonObject its = marks.state();
        if (stream.conditional()) {
            its = its.with("etag", etag(answer));
        }
        if (its.isEmpty()) {
            return JsonObject.EMPTY;
        }
        return JsonObject.of(stream.name(), stream.isChild() ? JsonObject.of(parentKey(), its) : its);
    }

    private void checkParents() throws TaskFailure {
        Set<String> parents = context.syncState().object(stream.name()).values().keySet();
        if (stream.isChild() && parents.size() >= MOST_PARENTS && !parents.contains(parentKey())) {
            throw new TaskFailure.Permanent(
                    domain + ".stateTooLarge",
                    "The state of " + stream.name() + " would be kept for more than " + MOST_PARENTS
                            + " records: leave out incremental there.",
                    null);
        }
    }
}
