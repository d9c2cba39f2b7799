package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a stream. Its records become outputs and the tasks of the streams that are read for each of them;
 * the next page is a task of its own, so a crash costs one page. The last page patches the state, which becomes the
 * account's when the whole run has succeeded. For one task.
 */
final class ReadPage {

    /** Most records of a page: one of the follow-up tasks is the next page. */
    private static final int MOST_RECORDS = TaskResult.MAX_FOLLOW_UPS - 1;

    /** Records of a parent stream whose children keep a state of their own. */
    private static final int MOST_PARENTS = 2_000;

    private final Stream stream;
    private final TaskContext context;
    private final Provider provider;
    private final PageTask task;
    private final boolean isBounded;
    private final JsonObject state;
    private final Watermark watermark;
    private final RequestPage requests;
    private final Scope scope;
    private TakeRecords taken;

    /**
     * Reads a page.
     *
     * @throws TaskFailure.Permanent also when the task only reports records that another one could not read
     */
    static TaskResult run(Provider provider, Stream stream, JsonObject payload)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        TakeRecords.throwUnreadable(provider.domain(), stream, payload);
        return new ReadPage(provider, stream, payload).run();
    }

    private ReadPage(Provider provider, Stream stream, JsonObject payload) {
        this.stream = stream;
        this.context = provider.context();
        this.provider = provider;
        this.task = PageTask.of(payload);
        Options options = context.options();
        this.isBounded = options.isBounded();
        this.state = isBounded || options.force() || task.afresh() ? JsonObject.EMPTY : ownState();
        this.watermark = task.watermark() == null
                ? AdvanceWatermark.begin(stream.incremental(), state, options)
                : task.watermark();
        this.requests = new RequestPage(stream, provider, context, watermark, state.text("etag"));
        this.scope = requests.scope(task);
        this.taken = new TakeRecords(stream, context, scope);
    }

    private TaskResult run() throws TaskFailure, ExpressionFailure, InterruptedException {
        checkParents();
        if (stream.incremental() instanceof Incremental.Windows windows && task.watermark() == null) {
            return cut(windows);
        }
        ReadFile.Asked request = () -> requests.of(task);
        if (stream.report() != null && !isDownloaded()) {
            AskReport.Step step = new AskReport(stream, stream.report(), provider, context).next(task, scope);
            if (step.task() == null) {
                return TaskResult.ofTasks(step.tasks());
            }
            PageTask ready = step.task();
            request = () -> requests.of(ready, step.answer());
        }
        if (stream.format() != null) {
            return takeFile(stream.format(), request);
        }
        ProviderAnswer answer = provider.send(request.request(), stream.request(), expired(), scope);
        return switch (answer.meaning()) {
            case RECORDS -> take(answer);
            case MISSING, UNCHANGED -> TaskResult.nothing();
            case SPECIAL -> TaskResult.ofTasks(List.of(task.startedAfresh().of(stream.name())));
        };
    }

    private TaskResult cut(Incremental.Windows how) throws TaskFailure, ExpressionFailure {
        var cut = new CutWindows(how, state, context.options(), scope);
        TaskResult result = TaskResult.ofTasks(cut.windows(provider.domain(), stream.name()).stream()
                .map(window -> PageTask.first(task.parent()).within(window).of(stream.name()))
                .toList());
        // Of the run, which is the account's when all windows have been read.
        return isBounded ? result : result.withState(patch(cut.reached()));
    }

    /** A cursor that was not sent cannot have expired: its refusal is then what it is anywhere else. */
    private @Nullable Condition expired() {
        return stream.incremental() instanceof Incremental.Stored stored
                        && watermark.from() != null
                        && task.index() == 0
                ? stored.expired()
                : null;
    }

    private TaskResult take(ProviderAnswer answer) throws TaskFailure, ExpressionFailure, InterruptedException {
        List<TakeRecords.Item> items = taken.items(records(answer));
        List<String> ids = items.stream().map(TakeRecords.Item::id).toList();
        var advance = new AdvanceWatermark(stream.incremental(), state, watermark);
        advance.take(answer, scope);
        boolean someAreNew = false;
        for (TakeRecords.Item item : items) {
            someAreNew |= taken.take(item, advance);
        }
        boolean moved = recheck(ids, advance);
        checkSize(ids.size());
        var following = new NextPage(stream, provider, task, answer, ids, answer.in(scope));
        Optional<PageTask> next = stops(someAreNew || !advance.reachedKnown(), items)
                ? Optional.empty()
                : following.after(advance.watermark(), moved);
        TaskResult result = taken.result(next.map(this::followUp));
        return next.isPresent() || isBounded ? result : result.withState(patch(following.etag(), advance.state()));
    }

    /** Whether the file of a report is on the disk: the report need not be there any more. */
    private boolean isDownloaded() {
        FilePosition at = task.file();
        Downloads.Downloaded found = at == null ? null : provider.downloads().find(at.key());
        return at != null && found != null && found.hash().equals(at.hash());
    }

    /** @param request with what only this task knows of a report, such as where it is */
    private TaskResult takeFile(Format format, ReadFile.Asked request)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        FilePosition position = task.file() == null
                ? FilePosition.start(Values.key(context.userIntegrationId() + "/" + context.idempotencyKey()))
                : task.file();
        ReadFile.Taken part = part(format, position, request);
        if (part == null) {
            return TaskResult.nothing();
        }
        AdvanceWatermark advance = taken(part);
        while (taken.size() > MOST_RECORDS && part.records().size() > 1) {
            // Its records have more figures or tasks than others: it ends earlier.
            int records = part.records().size();
            int fewer = Math.clamp(records * (MOST_RECORDS * 9L / 10) / taken.size(), 1, records - 1);
            part = Objects.requireNonNull(part(format.ofAtMost(fewer), part.at(), request), "it was there");
            advance = taken(part);
        }
        checkSize(0);
        if (part.next() != null) {
            PageTask next = task.within(advance.watermark()).at(part.next());
            return taken.result(Optional.of(next.of(stream.name())));
        }
        provider.downloads().drop(part.at().key());
        TaskResult result = taken.result(Optional.empty());
        return isBounded ? result : result.withState(patch(null, advance.state()));
    }

    private ReadFile.@Nullable Taken part(Format format, FilePosition position, ReadFile.Asked request)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        return new ReadFile(provider, stream, format, provider.downloads())
                .take(position, request, scope)
                .orElse(null);
    }

    private AdvanceWatermark taken(ReadFile.Taken part) {
        taken = new TakeRecords(stream, context, scope);
        var advance = new AdvanceWatermark(stream.incremental(), state, watermark);
        for (TakeRecords.Item item : taken.items(part.records())) {
            taken.take(item, advance);
        }
        return advance;
    }

    private void checkSize(int records) throws TaskFailure {
        if (stream.pagination().rechecks() && records > PageTask.MOST_PREVIOUS) {
            throw pageTooLarge(
                    PageTask.MOST_PREVIOUS + " records, which is the most for recheck",
                    "ask for fewer a page, or set recheck to false.");
        }
        if (taken.size() > MOST_RECORDS) {
            throw pageTooLarge(MOST_RECORDS + " records or tasks", "ask for fewer a page.");
        }
    }

    private TaskFailure.Permanent pageTooLarge(String bound, String remedy) {
        return new TaskFailure.Permanent(
                provider.domain() + ".pageTooLarge",
                "A page of " + stream.name() + " has more than " + bound + ": " + remedy,
                null);
    }

    private FollowUp followUp(PageTask page) {
        FollowUp next = page.of(stream.name());
        return stream.pagination().afterCommit() ? next.afterCommit() : next;
    }

    private boolean stops(boolean goesOn, List<TakeRecords.Item> items) throws ExpressionFailure {
        if (!goesOn && stream.incremental() instanceof Incremental.Known known && known.stops()) {
            return true;
        }
        Expression stopWhen = stream.pagination().stopWhen();
        if (stopWhen != null) {
            for (TakeRecords.Item item : items) {
                if (stopWhen.holds(item.value(), scope)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Programs in Go write null for an empty list. */
    private List<?> records(ProviderAnswer answer) throws ExpressionFailure {
        if (answer.body() == null) {
            return List.of();
        }
        Object records = stream.records().of(answer.body(), answer.in(scope));
        if (records == null) {
            throw stream.records()
                    .failed("the answer has no records there; where they may be left out, write it as [...]");
        }
        List<?> list = Values.list(records);
        return list.size() == 1 && list.getFirst() == null ? List.of() : list;
    }

    /**
     * Reads the page before once more: when an item of it has gone since, the first one of this page has moved there,
     * and neither request showed it. Returns whether that page has other records now.
     */
    private boolean recheck(List<String> ids, AdvanceWatermark advance)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        if (!stream.pagination().rechecks() || task.index() == 0) {
            return false;
        }
        ProviderAnswer before = provider.send(requests.of(task.before()), stream.request(), null, scope);
        if (before.meaning() != Meaning.RECORDS) {
            return false;
        }
        var seen = new HashSet<>(task.previous());
        ids.forEach(id -> seen.add(Values.key(id)));
        var keys = new ArrayList<String>();
        for (TakeRecords.Item item : taken.items(records(before))) {
            keys.add(Values.key(item.id()));
            if (seen.add(keys.getLast())) {
                taken.take(item, advance);
            }
        }
        return !keys.equals(task.previous());
    }

    private JsonObject ownState() {
        JsonObject its = context.syncState().object(stream.name());
        return stream.isChild() ? its.object(parentKey()) : its;
    }

    private String parentKey() {
        return Values.key(task.parent().toJson());
    }

    private JsonObject patch(@Nullable String etag, JsonObject its) {
        return patch(stream.conditional() ? its.with("etag", etag) : its);
    }

    private JsonObject patch(JsonObject its) {
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
