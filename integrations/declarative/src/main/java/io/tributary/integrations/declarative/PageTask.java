package io.tributary.integrations.declarative;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.PageTrail;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a stream, as it stands in a task.
 *
 * @param parent the values of the parent record; empty for a stream without a parent
 * @param index how many pages were read before, 0 and up
 * @param offset how many records were, 0 and up
 * @param cursor by which the page is asked for, a JSON value of any type, or its address; null: none
 * @param trail the pages before it
 * @param watermark what the run begins with and how far it has come; null: to be found out
 * @param previous keys of the records of the page before, where that is read again; at most {@value #MOST_PREVIOUS}
 * @param etag of the first page; null: none
 * @param file how far the file has been read that answers it; null: it is none, or nothing of it
 * @param report the report that it waits for or reads; empty: none
 * @param afresh whether the state is to be left out, since its cursor has expired
 */
record PageTask(
        JsonObject parent,
        int index,
        long offset,
        @Nullable Object cursor,
        PageTrail trail,
        @Nullable Watermark watermark,
        List<String> previous,
        @Nullable String etag,
        @Nullable FilePosition file,
        JsonObject report,
        boolean afresh) {

    static final int MOST_PREVIOUS = 1_000;

    static PageTask first(JsonObject parent) {
        return new PageTask(parent, 0, 0, null, PageTrail.START, null, List.of(), null, null, JsonObject.EMPTY, false);
    }

    static PageTask of(JsonObject payload) {
        JsonObject watermark = payload.object("reach");
        return new PageTask(
                payload.object("parent"),
                payload.integer("index").orElse(0L).intValue(),
                payload.integer("offset").orElse(0L),
                payload.values().get("cursor"),
                PageTrail.of(payload.object("trail")),
                watermark.isEmpty()
                        ? null
                        : new Watermark(
                                watermark.text("from").orElse(null),
                                watermark.text("to").orElse(null),
                                texts(watermark.list("keys"))),
                texts(payload.list("previous")),
                payload.text("etag").orElse(null),
                FilePosition.of(payload.object("file")),
                payload.object("report"),
                payload.bool("afresh").orElse(false));
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }

    FollowUp of(String stream) {
        var payload = new LinkedHashMap<String, @Nullable Object>();
        if (!parent.isEmpty()) {
            payload.put("parent", parent);
        }
        if (index > 0) {
            payload.put("index", index);
            payload.put("offset", offset);
        }
        if (cursor != null) {
            payload.put("cursor", cursor);
        }
        if (!trail.isStart()) {
            payload.put("trail", trail.toJson());
        }
        if (watermark != null) {
            payload.put(
                    "reach",
                    JsonObject.of("from", watermark.from())
                            .with("to", watermark.to())
                            .with("keys", watermark.keys()));
        }
        if (!previous.isEmpty()) {
            payload.put("previous", previous);
        }
        if (etag != null) {
            payload.put("etag", etag);
        }
        if (!report.isEmpty()) {
            payload.put("report", report);
        }
        if (file != null) {
            payload.put("file", file.toJson());
        }
        if (afresh) {
            payload.put("afresh", true);
        }
        return new FollowUp(stream, new JsonObject(payload));
    }

    /** The same of a window of time. */
    PageTask within(Watermark window) {
        return new PageTask(parent, index, offset, cursor, trail, window, previous, etag, file, report, afresh);
    }

    /** The one that goes on in the same file; null: in another one. */
    PageTask at(@Nullable FilePosition position) {
        return new PageTask(parent, index, offset, cursor, trail, watermark, previous, etag, position, report, afresh);
    }

    /** The same of a report. */
    PageTask with(JsonObject itsReport) {
        return new PageTask(parent, index, offset, cursor, trail, watermark, previous, etag, file, itsReport, afresh);
    }

    /** The one that begins anew. */
    PageTask startedAfresh() {
        return new PageTask(parent, 0, 0, null, PageTrail.START, null, List.of(), null, null, JsonObject.EMPTY, true);
    }

    /** The one before, as it is asked for by number or offset. */
    PageTask before() {
        return new PageTask(
                parent,
                index - 1,
                Math.max(0, offset - previous.size()),
                null,
                trail,
                watermark,
                List.of(),
                etag,
                file,
                report,
                afresh);
    }
}
