package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.declarative.Definition.Child;
import io.tributary.integrations.declarative.Definition.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of a page: makes outputs and tasks of them. A record that cannot be read costs itself: the others
 * of the page are taken, the list goes on behind it, and one task more fails and says how many there were and why. For
 * one page, one thread.
 */
final class TakeRecords {

    private static final String UNREADABLE = "unreadable";

    /**
     * A record.
     *
     * @param id its external id, or its JSON where it has none
     * @param hasId whether it has an external id
     */
    record Item(@Nullable Object value, String id, boolean hasId) {}

    private final Stream stream;
    private final TaskContext context;
    private final Scope scope;

    private final List<Output> outputs = new ArrayList<>();
    private final List<FollowUp> tasks = new ArrayList<>();
    private final List<String> listed = new ArrayList<>();
    private int unreadable;
    private String code = "";
    private String reason = "";

    TakeRecords(Stream stream, TaskContext context, Scope scope) {
        this.stream = stream;
        this.context = context;
        this.scope = scope;
    }

    List<Item> items(List<?> records) {
        var items = new ArrayList<Item>();
        for (Object record : records) {
            items.add(item(record));
        }
        return items;
    }

    private Item item(@Nullable Object record) {
        if (stream.output() == null) {
            return new Item(record, Values.key(Values.json(record)), true);
        }
        try {
            return new Item(record, stream.output().externalId(record, scope), true);
        } catch (ExpressionFailure e) {
            note("expressionFailed", e.reason());
            return new Item(record, Values.json(record), false);
        }
    }

    /** Takes a record. Returns whether it is new; one that cannot be read counts as new. */
    boolean take(Item item, AdvanceWatermark advance) {
        if (!item.hasId) {
            return true;
        }
        boolean isNew = true;
        try {
            isNew = advance.take(item.value, item.id, scope);
            if (isNew || stream.listed()) {
                take(item, isNew);
            }
        } catch (ExpressionFailure e) {
            note("expressionFailed", e.reason());
            if (stream.listed()) {
                listed.add(item.id); // It is there, whatever it says.
            }
        }
        return isNew;
    }

    private void take(Item item, boolean isNew) throws ExpressionFailure {
        List<Output> its = stream.output() == null ? List.of() : stream.output().of(item.id, item.value, scope);
        if (isNew) {
            addTasks(item.value);
        }
        if (stream.listed() && !its.isEmpty() && its.getFirst().kind() != Output.Kind.DELETION) {
            listed.add(item.id);
        }
        if (isNew) {
            its.stream()
                    .filter(output -> context.options().includes(output.externalTimestamp()))
                    .forEach(outputs::add);
        }
    }

    private void addTasks(@Nullable Object record) throws ExpressionFailure {
        for (Child child : stream.children()) {
            if (child.when() == null || child.when().holds(record, scope)) {
                FollowUp task = PageTask.first(fieldsFor(child, record)).of(child.stream());
                if (task.payload().jsonBytes() > TaskResult.MAX_PAYLOAD_BYTES) {
                    note(
                            "payloadTooLarge",
                            "A task of " + task.type() + " would carry more than " + TaskResult.MAX_PAYLOAD_BYTES
                                    + " bytes: name fewer fields under with.");
                } else {
                    tasks.add(task);
                }
            }
        }
    }

    private JsonObject fieldsFor(Child child, @Nullable Object record) throws ExpressionFailure {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var field : child.with().entrySet()) {
            fields.put(field.getKey(), field.getValue().of(record, scope));
        }
        return new JsonObject(fields);
    }

    private void note(String itsCode, String itsReason) {
        if (unreadable++ == 0) {
            code = itsCode;
            reason = itsReason;
        }
    }

    /** Most of outputs, tasks and listed ids, whichever there are most of. */
    int size() {
        int follow = tasks.size() + (unreadable > 0 ? 1 : 0);
        return Math.max(Math.max(outputs.size(), follow), listed.size());
    }

    /** What came of the records, with the task of the next page. */
    TaskResult result(Optional<FollowUp> next) {
        next.ifPresent(tasks::add);
        if (unreadable > 0) {
            JsonObject report =
                    JsonObject.of("count", unreadable).with("code", code).with("reason", reason);
            tasks.add(new FollowUp(stream.name(), JsonObject.of(UNREADABLE, report)));
        }
        return TaskResult.ofOutputs(outputs).withTasks(tasks).withListing(Listing.of(listed));
    }

    /** A result cannot have both outputs and failures, so a separate task reports the failures. */
    static void throwUnreadable(String domain, Stream stream, JsonObject payload) throws TaskFailure.Permanent {
        JsonObject report = payload.object(UNREADABLE);
        if (!report.isEmpty()) {
            long count = report.requireInteger("count");
            throw new TaskFailure.Permanent(
                    domain + "." + report.requireText("code"),
                    count + (count == 1 ? " record" : " records") + " of a page of " + stream.name()
                            + " could not be taken; the others were. " + report.requireText("reason"),
                    null);
        }
    }
}
