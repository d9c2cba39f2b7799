package io.tributary.integrations.gmail;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what has changed in the mailbox since the last run, a page at a time (guide "Synchronize clients with Gmail").
 *
 * <p>The new state has the history id that the first page tells: what changes while later pages are read is found by
 * the next run, at worst once more. The last page sets it.
 *
 * <p>The history knows labels but no query. With a query, what was added is looked for in a list of what matches it and
 * came in the two days before the last run or later; a message that was imported under an older date is found when all
 * is listed again ({@code force}).
 */
record ReadHistory(GmailApi mailbox, TaskContext context, Filter filter) {

    static final String TYPE = "getHistory";

    private static final Duration OVERLAP = Duration.ofDays(2);

    /** What the records of a page make of each message, in their order. */
    private enum Fate {
        CHANGED,
        GONE
    }

    ReadHistory(GmailApi mailbox, TaskContext context) {
        this(mailbox, context, Filter.of(context.config()));
    }

    /** @param payload empty for the first page */
    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        String start = context.syncState().requireText("historyId");
        @Nullable String pageToken = payload.text("pageToken").orElse(null);
        Optional<JsonObject> page = mailbox.history(start, pageToken);
        if (page.isEmpty()) {
            // 404: the history does not go back to where the last run left it.
            return TaskResult.ofTasks(List.of(FollowUp.of(ListMessages.TYPE, "all", true)));
        }
        String historyId = payload.text("historyId").orElseGet(() -> page.get().requireText("historyId"));
        TaskResult changes = changes(page.get());
        Optional<JsonObject> next = GmailApi.nextPage(payload, page.get());
        if (next.isPresent()) {
            var tasks = new ArrayList<>(changes.tasks());
            tasks.add(new FollowUp(TYPE, next.get().with("historyId", historyId)));
            return changes.withTasks(tasks);
        }
        return historyId.equals(start) ? changes : changes.withState(ListMessages.state(historyId, filter, context));
    }

    private TaskResult changes(JsonObject page) throws TaskFailure, InterruptedException {
        var fates = new LinkedHashMap<String, Fate>();
        page.objects("history").forEach(record -> {
            note(record, "messagesAdded", fates);
            note(record, "labelsAdded", fates);
            note(record, "labelsRemoved", fates);
            record.objects("messagesDeleted")
                    .forEach(deleted -> fates.put(deleted.object("message").requireText("id"), Fate.GONE));
        });
        Set<String> changed = idsOf(Fate.CHANGED, fates);
        if (filter.query() != null && !changed.isEmpty()) {
            changed.retainAll(matching());
        }
        return TaskResult.ofTasks(changed.stream().map(DownloadMessage::of).toList())
                .withOutputs(
                        idsOf(Fate.GONE, fates).stream().map(Output::deletion).toList());
    }

    /** A message that no longer has the labels that are synced, or was thrown away, is gone as far as we see. */
    private void note(JsonObject record, String change, Map<String, Fate> fates) {
        record.objects(change).stream().map(item -> item.object("message")).forEach(message -> {
            String id = message.requireText("id");
            if (filter.takes(message.texts("labelIds"))) {
                fates.put(id, Fate.CHANGED);
            } else if (!change.equals("messagesAdded")) {
                fates.put(id, Fate.GONE);
            }
        });
    }

    private static Set<String> idsOf(Fate fate, Map<String, Fate> fates) {
        var ids = new LinkedHashSet<String>();
        fates.forEach((id, its) -> {
            if (its == fate) {
                ids.add(id);
            }
        });
        return ids;
    }

    private Set<String> matching() throws TaskFailure, InterruptedException {
        var ids = new HashSet<String>();
        Instant last =
                Instant.ofEpochSecond(context.syncState().integer("syncedAt").orElse(0L));
        String query = filter.since(last.minus(OVERLAP));
        Optional<JsonObject> next = Optional.of(JsonObject.EMPTY);
        while (next.isPresent()) {
            JsonObject page = mailbox.list(
                    filter.labelIds(), query, next.get().text("pageToken").orElse(null));
            page.objects("messages").forEach(message -> ids.add(message.requireText("id")));
            next = GmailApi.nextPage(next.get(), page);
        }
        return ids;
    }
}
