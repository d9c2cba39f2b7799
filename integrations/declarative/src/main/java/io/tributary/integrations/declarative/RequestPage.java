package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Stream;
import io.tributary.integrations.declarative.Pagination.Way;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of a stream's pages.
 *
 * @param watermark what the run begins with
 * @param etag of the first page, when it was read the last time
 */
record RequestPage(Stream stream, Provider provider, TaskContext context, Watermark watermark, Optional<String> etag) {

    /** The request of a page. */
    HttpRequest of(PageTask page) throws TaskFailure, ExpressionFailure {
        return of(page, null);
    }

    /** @param from the answer with its address, where that of a report has it; null: none */
    HttpRequest of(PageTask page, @Nullable HttpResponse from) throws TaskFailure, ExpressionFailure {
        Scope its = scope(page);
        if (page.cursor() != null
                && (stream.pagination().how() instanceof Way.Link
                        || stream.pagination().how() instanceof Way.NextUrl)) {
            return provider.followed(Values.text(page.cursor()), stream.request(), its);
        }
        HttpRequest request = provider.request(stream.request(), from, its);
        Pagination pagination = stream.pagination();
        if (pagination.sizeParameter() != null) {
            request = request.query(pagination.sizeParameter(), pagination.size());
        }
        request = switch (pagination.how()) {
            case Way.Number number -> request.query(number.parameter(), number.first() + page.index());
            case Way.Offset offset -> request.query(offset.parameter(), offset.first() + page.offset());
            case Way.Cursor cursor
            when cursor.parameter() != null -> request.query(cursor.parameter(), sent(page.cursor()));
            case Way.Cursor cursor -> request;
            case Way.Link link -> request;
            case Way.NextUrl url -> request;
            case Way.Keyset keyset
            when keyset.parameter() != null -> request.query(keyset.parameter(), sent(page.cursor()));
            case Way.Keyset keyset -> request;
            case Way.None none -> request;
        };
        return stream.conditional() && etag.isPresent() && page.index() == 0
                ? request.header("If-None-Match", etag.get())
                : request;
    }

    private static @Nullable String sent(@Nullable Object cursor) {
        return cursor == null ? null : Values.text(cursor);
    }

    /** What expressions can name when they are about a page. */
    Scope scope(PageTask page) {
        Scope its = provider.scope().with("parent", page.parent().values());
        if (!page.report().isEmpty()) {
            its = its.with("report", page.report().values());
        }
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
        if (variable != null && watermark.from() != null) {
            its = its.with(variable, sent(watermark.from()));
        }
        Instant end = stream.incremental() instanceof Incremental.Windows && watermark.to() != null
                ? Instant.parse(watermark.to())
                : context.options().endDate();
        return end == null ? its : its.with("until", sent(end.toString()));
    }

    private Object sent(String value) {
        return switch (stream.incremental()) {
            case Incremental.Since since -> since.format().of(Instant.parse(value));
            case Incremental.Windows windows -> windows.format().of(Instant.parse(value), windows.zone());
            default -> value;
        };
    }
}
