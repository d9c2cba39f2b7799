package io.tributary.integrations.gmail;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a run: reads the history where the state {@code {historyId, filter, syncedAt}} allows, and else lists all
 * messages, a page at a time.
 *
 * <p>The history id is asked for before the first page, so that what comes while the pages are read is found by the
 * next run. A run that is bounded by dates leaves the state alone: it may not see all that is new.
 */
record ListMessages(GmailApi mailbox, TaskContext context, Filter filter) {

    static final String TYPE = "getEmailList";

    ListMessages(GmailApi mailbox, TaskContext context) {
        this(mailbox, context, Filter.of(context.config()));
    }

    TaskResult run(JsonObject payload) throws TaskFailure, InterruptedException {
        if (payload.has("pageToken")) {
            return page(payload);
        }
        return canReadHistory() && !payload.bool("all").orElse(false)
                ? new ReadHistory(mailbox, context).run(JsonObject.EMPTY)
                : listAll();
    }

    private boolean canReadHistory() {
        JsonObject state = context.syncState();
        return context.options().equals(Options.NONE)
                && state.has("historyId")
                && state.text("filter").filter(filter.key()::equals).isPresent();
    }

    private TaskResult listAll() throws TaskFailure, InterruptedException {
        if (context.options().isBounded()) {
            return page(JsonObject.EMPTY);
        }
        JsonObject state = state(mailbox.profile().requireText("historyId"), filter, context);
        TaskResult first = page(JsonObject.EMPTY);
        // What earlier runs found and no page of this one names is gone from the mailbox.
        return first.withState(state)
                .withListing(Listing.ofEverything(first.listing().externalIds()));
    }

    private TaskResult page(JsonObject payload) throws TaskFailure, InterruptedException {
        JsonObject page = mailbox.list(
                filter.labelIds(),
                filter.within(context.options()),
                payload.text("pageToken").orElse(null));
        if (!page.has("messages") && !page.has("resultSizeEstimate")) {
            // Else an answer that says nothing would delete every message.
            throw new IllegalArgumentException("the list has neither messages nor an estimate of 0");
        }
        List<String> ids = page.objects("messages").stream()
                .map(message -> message.requireText("id"))
                .toList();
        List<FollowUp> tasks =
                new ArrayList<>(ids.stream().map(DownloadMessage::of).toList());
        GmailApi.nextPage(payload, page).ifPresent(next -> tasks.add(new FollowUp(TYPE, next)));
        return TaskResult.ofTasks(tasks).withListing(Listing.of(ids));
    }

    /** The state after a run that saw all there was at a point of the history. */
    static JsonObject state(String historyId, Filter filter, TaskContext context) {
        return JsonObject.of("historyId", historyId)
                .with("filter", filter.key())
                .with("syncedAt", context.clock().instant().getEpochSecond());
    }
}
