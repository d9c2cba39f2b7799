package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
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
    private final Provider provider;
    private final PageTask task;
    private final boolean isBounded;
    private final JsonObject state;
    private final Reach reach;
    private final RequestPage requests;
    private final Scope scope;

    private final List<Output> outputs = new ArrayList<>();
    private final List<FollowUp> tasks = new ArrayList<>();
    private final List<String> listed = new ArrayList<>();

    ReadPage(Definition definition, Stream stream, TaskContext context, JsonObject payload) {
        this.stream = stream;
        this.context = context;
        this.provider = new Provider(definition, context);
        this.task = PageTask.of(payload);
        Options options = context.options();
        this.isBounded = options.startDate() != null || options.endDate() != null;
        this.state = isBounded || options.force() || task.afresh() ? JsonObject.EMPTY : ownState();
        this.reach = task.reach() == null ? Marks.begin(stream.incremental(), state, options) : task.reach();
        this.requests = new RequestPage(stream, provider, context, reach, state.text("etag"));
        this.scope = requests.scope(task);
    }

    TaskResult run() throws TaskFailure, ExpressionFailure, InterruptedException {
        checkParents();
        Answered answer = provider.send(requests.of(task), stream.request(), expired(), scope);
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
        if (stream.pagination().rechecks() && ids.size() > PageTask.MOST_PREVIOUS) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".pageTooLarge",
                    "A page of " + stream.name() + " has more than " + PageTask.MOST_PREVIOUS
                            + " records, which is the most for recheck: ask for fewer a page, or set recheck to false.",
                    null);
        }
        if (outputs.size() > MOST_RECORDS || tasks.size() > MOST_RECORDS || listed.size() > MOST_RECORDS) {
            throw new TaskFailure.Permanent(
                    provider.domain() + ".pageTooLarge",
                    "A page of " + stream.name() + " has more than " + MOST_RECORDS
                            + " records or tasks: ask for fewer a page.",
                    null);
        }
        var following = new NextPage(stream, provider, task, answer, ids, answer.in(scope));
        Optional<PageTask> next = stops(taken) ? Optional.empty() : following.after(marks.reach());
        next.ifPresent(page -> tasks.add(page.of(stream.name())));
        checkPayloads();
        TaskResult result = TaskResult.ofOutputs(outputs).withTasks(tasks).withListing(Listing.of(listed));
        return next.isPresent() || isBounded ? result : result.withState(patch(following.etag(), marks));
    }

    private boolean stops(int taken) {
        return taken == 0 && stream.incremental() instanceof Incremental.StopAtKnown;
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
        Answered before = provider.send(requests.of(task.before()), stream.request(), null, scope);
        if (before.meaning() != Meaning.RECORDS) {
            return;
        }
        var seen = new HashSet<>(task.previous());
        ids.forEach(id -> seen.add(Values.key(id)));
        List<?> records = records(before);
        List<String> its = ids(records);
        for (int i = 0; i < records.size(); i++) {
            if (seen.add(Values.key(its.get(i)))) {
                take(records.get(i), its.get(i), marks);
            }
        }
    }

    private void checkPayloads() throws TaskFailure {
        for (FollowUp each : tasks) {
            if (each.payload().toJson().length() > LONGEST_PAYLOAD) {
                throw new TaskFailure.Permanent(
                        provider.domain() + ".payloadTooLarge",
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

    private JsonObject patch(@Nullable String etag, Marks marks) {
        JsonObject its = marks.state();
        if (stream.conditional()) {
            its = its.with("etag", etag);
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
                    provider.domain() + ".stateTooLarge",
                    "The state of " + stream.name() + " would be kept for more than " + MOST_PARENTS
                            + " records: leave out incremental there.",
                    null);
        }
    }
}
